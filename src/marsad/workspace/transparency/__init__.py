"""The public account of what was decided: counted from the log, so that anybody with the exported
log can count it again."""
