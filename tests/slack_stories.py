"""Which of the core's stories play in Slack too, in which transport, and why the others do not."""

from typing import Final

DIRECT: Final = "direct"
SOCKET: Final = "slack-socket"
HTTP: Final = "slack-http"

IN_SLACK: Final = frozenset(
    {
        "test_loop",
        "test_claiming",
        "test_staff",
        "test_verdicts",
        "test_corners",
        "test_channels_and_hours",
        "test_trouble",
        "test_files",
    }
)
IN_HTTP: Final = frozenset({"test_loop", "test_verdicts"})

_SCREEN: Final = "the screen in the same process fails on request; how Slack fails is told in its own stories"
_BYTES: Final = "asks the product for a file's bytes; Slack's own copy is looked at in its own stories"
# By story. The files that are not named above speak to the core of what a platform has found out already (plain
# words, edits, lists of people, pages), and Slack has stories of its own for each of them.
LEFT_OUT: Final = {
    "test_the_same_event_twice_has_one_effect": "Slack names its events itself; it repeats them in its own stories",
    "test_an_undelivered_answer_names_the_next_try": _SCREEN,
    "test_an_override_replaces_an_answer_that_could_not_be_delivered": _SCREEN,
    "test_a_question_back_that_does_not_arrive_expires_nothing": _SCREEN,
    "test_files_do_not_overtake_a_text_that_cannot_arrive": _SCREEN,
    "test_an_undelivered_answer_is_told_and_tried_again": _SCREEN,
    "test_what_stays_undeliverable_for_a_week_pays_all_the_same": _SCREEN,
    "test_a_lost_response_does_not_post_twice": _SCREEN,
    "test_a_gone_channel_is_reported": _SCREEN,
    "test_a_verdict_counts_before_the_courier_knows_of_the_delivery": _SCREEN,
    "test_a_stop_in_the_middle_loses_nothing_and_moves_deadlines": "a screen that outlives the program",
    "test_questions_that_cannot_be_asked_say_why": "Slack's own client sends no empty message",
    "test_half_characters_are_no_ones_undoing": "JSON over Slack's sockets carries no half characters",
    "test_a_picture_is_seen_by_the_holder_and_staff_once_its_customer_says_so": _BYTES,
    "test_a_blurred_picture_is_unreadable_for_the_expert_and_whole_for_staff": _BYTES,
    "test_a_choice_can_be_taken_back": _BYTES,
    "test_an_answer_brings_its_files_right_behind_it": _SCREEN,
    "test_an_override_replaces_files_as_well": "a dialog of Slack's takes no files",
    "test_an_expert_who_moved_house_keeps_no_file_at_the_old_one": "nobody moves house within Slack",
    "test_the_same_event_twice_keeps_its_file_once": "as for any event that comes twice",
    "test_nobody_works_on_the_questions_of_somebody_who_was_erased": (
        "in the customer's own conversation an answer to them ('which question?') goes on quoting their own words"
    ),
}


def ways_of(module: str, story: str) -> tuple[str, ...]:
    """The ways in which the story is told."""
    name = module.rpartition(".")[2]
    if name not in IN_SLACK or story in LEFT_OUT:
        return (DIRECT,)
    return (DIRECT, SOCKET, HTTP) if name in IN_HTTP else (DIRECT, SOCKET)
