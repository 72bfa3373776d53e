"""The emoji that Slack hands over by name, as the signs that other places show.

Slack replaces both `:)` and 🙂 with `:slightly_smiling_face:` before an app gets the text. Names outside this list stay
as they are written.
"""

import re
from typing import Final

_NAMED: Final = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?")


def with_signs(text: str) -> str:
    """`Thanks 👍` for `Thanks :+1:`."""
    return _NAMED.sub(lambda found: SIGNS.get(found[1], found[0]), text)


# fmt: off
SIGNS: Final = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "ok_hand": "👌", "clap": "👏", "pray": "🙏",
    "wave": "👋", "raised_hands": "🙌", "point_right": "👉", "point_left": "👈", "point_up": "☝️",
    "point_down": "👇", "muscle": "💪", "v": "✌️", "crossed_fingers": "🤞", "handshake": "🤝", "shrug": "🤷",
    "facepalm": "🤦", "slightly_smiling_face": "🙂", "smile": "😄", "smiley": "😃", "grinning": "😀",
    "grin": "😁", "blush": "😊", "wink": "😉", "joy": "😂", "rolling_on_the_floor_laughing": "🤣",
    "laughing": "😆", "sweat_smile": "😅", "heart_eyes": "😍", "kissing_heart": "😘", "relaxed": "☺️",
    "sunglasses": "😎", "hugging_face": "🤗", "thinking_face": "🤔", "neutral_face": "😐",
    "expressionless": "😑", "confused": "😕", "worried": "😟", "slightly_frowning_face": "🙁",
    "white_frowning_face": "☹️", "disappointed": "😞", "pensive": "😔", "cry": "😢", "sob": "😭", "angry": "😠",
    "rage": "😡", "open_mouth": "😮", "astonished": "😲", "scream": "😱", "flushed": "😳", "weary": "😩",
    "tired_face": "😫", "unamused": "😒", "roll_eyes": "🙄", "face_with_rolling_eyes": "🙄",
    "stuck_out_tongue": "😛", "stuck_out_tongue_winking_eye": "😜", "upside_down_face": "🙃", "grimacing": "😬",
    "innocent": "😇", "see_no_evil": "🙈", "eyes": "👀", "heart": "❤️", "yellow_heart": "💛",
    "green_heart": "💚", "blue_heart": "💙", "purple_heart": "💜", "broken_heart": "💔", "tada": "🎉",
    "sparkles": "✨", "star": "⭐", "fire": "🔥", "rocket": "🚀", "100": "💯", "bulb": "💡", "warning": "⚠️",
    "white_check_mark": "✅", "heavy_check_mark": "✔️", "ballot_box_with_check": "☑️", "x": "❌",
    "no_entry": "⛔", "question": "❓", "grey_question": "❔", "exclamation": "❗",
    "heavy_exclamation_mark": "❗", "bangbang": "‼️", "lock": "🔒", "unlock": "🔓", "key": "🔑", "bug": "🐛",
    "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "clock3": "🕒", "calendar": "📅", "email": "✉️",
    "envelope": "✉️", "phone": "☎️", "telephone_receiver": "📞", "iphone": "📱", "computer": "💻",
    "gear": "⚙️", "wrench": "🔧", "hammer": "🔨", "link": "🔗", "pushpin": "📌", "paperclip": "📎", "memo": "📝",
    "moneybag": "💰", "dollar": "💵", "credit_card": "💳", "coffee": "☕", "sunny": "☀️", "zap": "⚡",
    "arrow_right": "➡️", "arrow_left": "⬅️", "arrow_up": "⬆️", "arrow_down": "⬇️", "copyright": "©️",
    "registered": "®️", "tm": "™️", "one": "1️⃣", "two": "2️⃣", "three": "3️⃣", "four": "4️⃣",
    "five": "5️⃣", "six": "6️⃣", "seven": "7️⃣", "eight": "8️⃣", "nine": "9️⃣", "zero": "0️⃣",
}
# fmt: on
