"""Every number the rules use, with its unit in its name and its default from the product description."""

from dataclasses import dataclass
from typing import Final

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60 * SECOND_MS
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Settings of the rules; the `[policy]` table of the configuration overrides any of them."""

    # Claims
    claim_minutes: int = 15
    claim_warning_minutes: int = 12
    claim_extension_minutes: int = 10
    claim_extensions_max: int = 2
    claims_per_expert_max: int = 3
    lapses_per_day_max: int = 3
    lapse_pause_minutes: int = 60

    # Answers on their way
    undo_seconds: int = 20
    correction_days: int = 7
    undelivered_staff_minutes: int = 60
    undelivered_pays_days: int = 7
    essay_chars: int = 900
    essay_seconds: int = 20

    # Waiting for people
    reply_reminder_hours: int = 24
    reply_expires_hours: int = 72
    verdict_reminder_hours: int = 24
    silence_hours: int = 72
    not_yet_days: int = 7
    rejections_to_staff: int = 2
    settle_days: int = 7

    # Staff and reviewers
    veto_minutes: int = 2
    online_minutes: int = 10
    review_staff_minutes: int = 10
    staff_reminder_minutes: int = 30
    lead_reminder_staffed_minutes: int = 120
    staff_claim_staffed_minutes: int = 240
    staff_answer_staffed_minutes: int = 120
    undecided_hours: int = 72

    # Money: percentages of the bounty; the rest of a split goes to the house
    expert_percent: int = 70
    reviewer_percent: int = 10
    shared_percent: int = 50
    kill_fee_percent: int = 20
    kill_fee_after_minutes: int = 3
    escalation_percent: int = 20
    escalation_min_cents: int = 50
    pending_hours: int = 72
    bounty_max_cents: int = 100_000

    # Points
    helped_points: int = 10
    settled_points: int = 15
    reopened_points: int = -5
    rank_window_reviews: int = 12
    rank_approvals_needed: int = 10

    # Askers
    open_questions_per_customer_max: int = 3
    question_chars_min: int = 10
    question_chars_max: int = 20_000
    answer_chars_max: int = 12_000
    note_chars_max: int = 4_000
    name_chars_max: int = 40
    link_code_minutes: int = 10
    wrong_codes_per_hour_max: int = 5
    link_days: int = 30

    # Files
    file_bytes_max: int = 10_000_000
    files_per_message_max: int = 5
    picture_pixels_max: int = 50_000_000  # all frames together

    # The courier and the clock
    settle_seconds: float = 30
    retry_first_seconds: float = 2
    retry_last_minutes: float = 15
    downtime_seconds_min: int = 60

    # Reading
    suggestion_percent_min: int = 60
