"""Who vouches for the quality, and for what: a list of the European Learning Model 3."""

from schemas.vocabularies.vocabulary import Vocabulary

ACCREDITATION_TYPES = Vocabulary(
    "accreditation types",
    scheme="http://data.europa.eu/snb/accreditation/25831c2",
    base="http://data.europa.eu/snb/accreditation/",
    labels={
        "003293d2ce": "Institutional License",
        "820101cba6": "Program Quality Assurance",
        "bb4618238e": "Institutional Quality Assurance",
        "e57dddfcf3": "Program License",
    },
)
"""Types of accreditation and quality assurance (ELM `dcType` of an accreditation)."""
