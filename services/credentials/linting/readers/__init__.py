"""One reader per format: where it states what, as a table. The first that recognises a document reads it."""

from credentials.linting.readers.european_digital_credential import EUROPEAN_DIGITAL_CREDENTIAL
from credentials.linting.readers.offering import OFFERING
from credentials.linting.readers.open_badge import OPEN_BADGE
from credentials.linting.readers.reader import Reader
from credentials.linting.readers.wallet import LEARNING_CREDENTIAL, MICRO_CREDENTIAL

READERS = (OPEN_BADGE, EUROPEAN_DIGITAL_CREDENTIAL, LEARNING_CREDENTIAL, MICRO_CREDENTIAL, OFFERING)

__all__ = ["READERS", "Reader"]
