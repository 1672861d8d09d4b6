"""Who and what a row names: platforms, accounts, posts, and the accounts it mentions."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from marsad.records import ids
from marsad.records.functions import without_leading
from marsad.records.platforms import platform_column, platform_named
from marsad.sources.strict.constants import constant
from marsad.sources.strict.context import Context
from marsad.sources.strict.native import native_id
from marsad.sources.strict.values import blank_to_null


def platform_of(loose: ir.Table, context: Context) -> ir.StringValue:
    """The id of each row's platform; NULL where a row names what can be none."""
    same = constant(loose, "platform")
    if same is not None:
        return ibis.literal(platform_named(same.value) if same.value else context.platform)
    given = blank_to_null(loose.platform)
    return given.isnull().ifelse(context.platform, platform_column(given))


def subject_of(platform: ir.StringValue, native: ir.StringValue) -> ir.StringValue:
    """The subject id of what has a native id."""
    return platform + ids.SEPARATOR + native


def account_of(
    platform: ir.StringValue, native: ir.StringValue, handle: ir.StringValue
) -> ir.StringValue:
    """The subject id of an account; the same rule as `marsad.records.ids.subject_id`."""
    return subject_of(platform, native.coalesce("@" + handle.lower()))


def bare_handle(handle: ir.StringValue) -> ir.StringValue:
    """A handle without its sign; NULL where nothing is left."""
    return without_leading(native_id(handle), "@").nullif("")


@dataclass(frozen=True)
class References:
    """Ids that one post gives of others: native, unless the file knows accounts by handle alone."""

    platform: ir.StringValue
    has_native: ir.BooleanValue

    def post(self, native: ir.StringValue) -> ir.StringValue:
        """The subject id of another post."""
        return subject_of(self.platform, native)

    def account(self, who: ir.StringValue) -> ir.StringValue:
        """The subject id of another account; a handle is known by its sign."""
        by_handle = "@" + without_leading(who, "@").lower()
        native = self.has_native & ~who.startswith("@")
        return subject_of(self.platform, native.ifelse(who, by_handle))


def reference(native: ir.StringValue) -> ir.StringValue:
    """The native id of another subject; JSON says in several ways that there is none."""
    given = native_id(native)
    return given.isin(["false", "[]", "{}"]).ifelse(ibis.null("string"), given)


def mention_of(platform: ir.StringValue, who: ir.StringValue) -> ir.StringValue:
    """A mentioned account: DIDs, URLs and numbers are native ids, all else is a handle."""
    native = who.startswith("did:") | who.startswith("http") | who.re_search(r"^[0-9]+$")
    by_handle = "@" + without_leading(who, "@").lower()
    return subject_of(platform, native.ifelse(who, by_handle))
