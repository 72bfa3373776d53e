"""What stands inside blocks: texts, options, buttons, selects and inputs, with their sizes.

Sizes: slack_sdk.models.blocks and docs.slack.dev/reference/block-kit/block-elements.
"""

from typing import Any

from .schema import Check, Problems, at_least_one, both, flag, many, not_both, one_of, problem, shape, url, whole, words

ID = words(255)  # action_id and block_id


def plain(most: int) -> Check:
    return typed("plain_text", shape("plain_text", {"text": words(most)}, {"emoji": flag}))


def marked(most: int) -> Check:
    return typed("mrkdwn", shape("mrkdwn", {"text": words(most)}, {"verbatim": flag}))


def text(most: int) -> Check:
    """plain_text or mrkdwn."""

    def check(value: Any, at: str) -> Problems:
        kind = value.get("type") if isinstance(value, dict) else None
        yield from (marked(most) if kind == "mrkdwn" else plain(most))(value, at)

    return check


def typed(kind: str, rule: Check) -> Check:
    def check(value: Any, at: str) -> Problems:
        if isinstance(value, dict) and value.get("type") != kind:
            yield problem(f"must be of type {kind}", f"{at}/type")
        else:
            yield from rule(value, at)

    return check


CONFIRM = shape(
    "confirm",
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
    typed=False,
)


def option(*, label: Check, url_too: bool = False, value_most: int = 150) -> Check:
    may = {"description": text(75)} | ({"url": url()} if url_too else {})
    return shape("option", {"text": label, "value": words(value_most)}, may, typed=False)


SELECT_OPTION = option(label=plain(75))
LISTED_OPTION = option(label=text(75))
GROUP = shape("option_group", {"label": plain(75), "options": many(SELECT_OPTION, 100)}, typed=False)
DISPATCH = shape(
    "dispatch_action_config",
    {"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 2)},
    typed=False,
)
FILTER = shape(
    "filter",
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    typed=False,
)
COMMON: dict[str, Check] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag, "placeholder": plain(150)}
SHORT: dict[str, Check] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag}
TYPED: dict[str, Check] = {"action_id": ID, "focus_on_load": flag, "placeholder": plain(150)}
TYPED = TYPED | {"dispatch_action_config": DISPATCH}


def chosen_among_options(value: Any, at: str) -> Problems:
    """An initial option must be one of the options, exactly."""
    if not isinstance(value, dict):
        return
    groups = value.get("option_groups")
    inside = [group["options"] for group in groups if well_grouped(group)] if isinstance(groups, list) else []
    offered = [each for options in inside for each in options]
    offered += value["options"] if isinstance(value.get("options"), list) else []
    initial = value.get("initial_options") or ([value["initial_option"]] if value.get("initial_option") else [])
    for place, each in enumerate(initial if isinstance(initial, list) else []):
        if each not in offered:
            yield problem("initial option is not among the options", f"{at}/initial_option/{place}")


def well_grouped(group: Any) -> bool:
    return isinstance(group, dict) and isinstance(group.get("options"), list)


def values_differ(value: Any, at: str) -> Problems:
    options = value.get("options") if isinstance(value, dict) else None
    if not isinstance(options, list):
        return
    values = [str(each.get("value")) for each in options if isinstance(each, dict)]
    if len(values) != len(set(values)):
        yield problem("values of options must differ", f"{at}/options")


def select(extra: dict[str, Check], initial: str, initial_rule: Check) -> Check:
    return shape("select", {}, COMMON | extra | {initial: initial_rule})


def static(initial: str, initial_rule: Check, extra: dict[str, Check] | None = None) -> Check:
    fields = COMMON | {"options": many(SELECT_OPTION, 100), "option_groups": many(GROUP, 100), initial: initial_rule}
    return both(
        shape("select", {}, fields | (extra or {})),
        at_least_one("options", "option_groups"),
        not_both("options", "option_groups"),
        chosen_among_options,
        values_differ,
    )


def lengths_agree(value: Any, at: str) -> Problems:
    if not isinstance(value, dict):
        return
    least, most, initial = value.get("min_length", 0), value.get("max_length", 3000), value.get("initial_value", "")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield problem("min_length must not be above max_length", f"{at}/min_length")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        yield problem("initial_value is longer than max_length", f"{at}/initial_value")


MAX_ITEMS = {"max_selected_items": whole(1, 100)}
TALK = {"default_to_current_conversation": flag, "response_url_enabled": flag, "filter": FILTER}
BUTTON = shape(
    "button",
    {"text": plain(75)},
    {
        "action_id": ID,
        "value": words(2000),
        "url": url(3000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": words(75),
    },
)
SELECTS: dict[str, Check] = {
    "static_select": static("initial_option", SELECT_OPTION),
    "multi_static_select": static("initial_options", many(SELECT_OPTION, 100), MAX_ITEMS),
    "external_select": select({"min_query_length": whole(0, 999)}, "initial_option", SELECT_OPTION),
    "multi_external_select": select(
        {"min_query_length": whole(0, 999)} | MAX_ITEMS, "initial_options", many(SELECT_OPTION, 100)
    ),
    "users_select": select({}, "initial_user", words(30)),
    "multi_users_select": select(MAX_ITEMS, "initial_users", many(words(30), 100)),
    "conversations_select": select(TALK, "initial_conversation", words(30)),
    "multi_conversations_select": select(TALK | MAX_ITEMS, "initial_conversations", many(words(30), 100)),
    "channels_select": select({"response_url_enabled": flag}, "initial_channel", words(30)),
    "multi_channels_select": select(MAX_ITEMS, "initial_channels", many(words(30), 100)),
}
CHOICES: dict[str, Check] = {
    "checkboxes": both(
        shape(
            "checkboxes",
            {"options": many(LISTED_OPTION, 10)},
            SHORT | {"initial_options": many(LISTED_OPTION, 10)},
        ),
        chosen_among_options,
        values_differ,
    ),
    "radio_buttons": both(
        shape("radio_buttons", {"options": many(LISTED_OPTION, 10)}, SHORT | {"initial_option": LISTED_OPTION}),
        chosen_among_options,
        values_differ,
    ),
    "datepicker": shape("datepicker", {}, COMMON | {"initial_date": words(10, 10)}),
    "timepicker": shape("timepicker", {}, COMMON | {"initial_time": words(5, 5), "timezone": words(100)}),
    "datetimepicker": shape("datetimepicker", {}, SHORT | {"initial_date_time": whole(0, 9_999_999_999)}),
}
MENUS: dict[str, Check] = {
    "button": BUTTON,
    "overflow": both(
        shape(
            "overflow",
            {"options": many(option(label=plain(75), url_too=True), 5)},
            {"action_id": ID, "confirm": CONFIRM},
        ),
        values_differ,
    ),
}
TYPING: dict[str, Check] = {
    "plain_text_input": both(
        shape(
            "plain_text_input",
            {},
            TYPED
            | {"initial_value": words(3000, 0), "multiline": flag}
            | {"min_length": whole(0, 3000), "max_length": whole(1, 3000)},
        ),
        lengths_agree,
    ),
    "email_text_input": shape("email_text_input", {}, TYPED | {"initial_value": words(3000)}),
    "url_text_input": shape("url_text_input", {}, TYPED | {"initial_value": words(3000)}),
    "number_input": shape(
        "number_input",
        {"is_decimal_allowed": flag},
        TYPED | {"initial_value": words(50), "min_value": words(50), "max_value": words(50)},
    ),
    "file_input": shape(
        "file_input", {}, {"action_id": ID, "filetypes": many(words(20), 100), "max_files": whole(1, 10)}
    ),
}
IMAGE: Check = both(
    shape(
        "image",
        {"alt_text": words(2000)},
        {"image_url": url(3000), "slack_file": shape("slack_file", {}, {"id": words(30), "url": url()}, typed=False)},
    ),
    at_least_one("image_url", "slack_file"),
)
