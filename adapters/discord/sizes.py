"""How much Discord takes.

discord.com/developers/docs/components/reference, its OpenAPI description, and docs/resources/message for what all
components of a message may hold together.
"""

from typing import Any, Final

Json = dict[str, Any]

COMPONENTS_V2: Final = 1 << 15
COMPONENTS: Final = 40
TEXT: Final = 4_000  # all text displays of a message together
CUSTOM_ID: Final = 100
BUTTON_LABEL: Final = 80
IN_A_ROW: Final = 5
THREAD_NAME: Final = 100
FILE_DESCRIPTION: Final = 1_024

MODAL_TITLE: Final = 45
MODAL_PARTS: Final = 5
LABEL: Final = 45
DESCRIPTION: Final = 100
PLACEHOLDER: Final = 100
INPUT: Final = 4_000
RADIOS: Final = 10
OPTIONS: Final = 25
OPTION: Final = 100

# Kinds of components.
ROW, BUTTON, SELECT, INPUT_BOX, MEMBERS = 1, 2, 3, 4, 5
TEXT_DISPLAY, GALLERY, FILE, CONTAINER, LABELLED, UPLOAD, RADIO = 10, 12, 13, 17, 18, 19, 21
