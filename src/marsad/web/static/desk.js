// Keys for who decides all day. Every page works without this file.
"use strict";

document.documentElement.classList.add("keys");

const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select");

// What a key does where the keyboard writes Latin: whoever writes Arabic has the same keys.
const meaning = ({ key, code }) =>
  /^[\x20-\x7e]+$/.test(key) ? key : code.replace(/^(Key|Digit)/, "").toLowerCase();

function move(step) {
  const rows = [...document.querySelectorAll(".row, [data-post]")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("at"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows[at]?.classList.remove("at");
  next.classList.add("at");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a, button, summary")?.focus({ preventScroll: true });
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches("button")) target.click();
  else {
    target.focus();
    if (target.type === "radio") target.checked = true;
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const submit = document.querySelector("[data-submit]");
    if (submit) { event.preventDefault(); submit.click(); }
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") { document.activeElement?.blur(); return; }
  if (typing(event.target)) return;
  const key = meaning(event);
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "o") {
    const post = document.querySelector(".at [data-open]") ?? document.querySelector("[data-open]");
    post?.click();
  } else if (!press(key)) return;
  event.preventDefault();
});

// What went wrong is read out and seen first.
document.querySelector(".alert")?.focus();

// The hours of orders count down; what is left is told by the server, whatever this clock says.
const began = performance.now();
const digits = (text) => document.documentElement.lang === "ar"
  ? text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x660 + Number(digit))) : text;
for (const clock of document.querySelectorAll(".ticking")) {
  const left = Number(clock.dataset.left);
  if (left >= 0) setInterval(() => {
    const now = Math.max(0, Math.round(left - (performance.now() - began) / 1000));
    clock.textContent = digits(`${Math.floor(now / 60)}:${String(now % 60).padStart(2, "0")}`);
    clock.closest(".left").classList.toggle("soon", now < 900);
  }, 1000);
}
