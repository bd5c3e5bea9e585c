"""Levels of learning, and the credits they are counted in."""

from schemas.vocabularies.vocabulary import Vocabulary

EQF_LEVELS = Vocabulary(
    "EQF levels",
    scheme="http://data.europa.eu/snb/eqf/25831c2",
    base="http://data.europa.eu/snb/eqf/",
    labels={
        "1": "Level 1",
        "2": "Level 2",
        "3": "Level 3",
        "4": "Level 4",
        "5": "Level 5",
        "6": "Level 6",
        "7": "Level 7",
        "8": "Level 8",
    },
)
"""European Qualifications Framework (ELM `EQFLevel`)."""

QF_EHEA_CYCLES = Vocabulary(
    "QF-EHEA cycles",
    scheme="urn:laurel:qf-ehea",
    base="urn:laurel:qf-ehea:",
    labels={
        "short-cycle": "Short cycle",
        "first-cycle": "First cycle",
        "second-cycle": "Second cycle",
        "third-cycle": "Third cycle",
    },
    notations={
        "short-cycle": "QF-EHEA-SC",
        "first-cycle": "QF-EHEA-1",
        "second-cycle": "QF-EHEA-2",
        "third-cycle": "QF-EHEA-3",
    },
)
"""Cycles of the framework for qualifications of the European Higher Education Area.

No keeper publishes URIs for them, so these are our own names.
"""

CREDIT_SYSTEMS = Vocabulary(
    "credit systems",
    scheme="http://data.europa.eu/snb/education-credit/25831c2",
    base="http://data.europa.eu/snb/education-credit/",
    labels={
        "60b314e826": "European credit system for vocational education and training",
        "6fcec5c5af": "European Credit Transfer System",
    },
    notations={
        "60b314e826": "ECVET",
        "6fcec5c5af": "ECTS",
    },
)
"""Systems that credit points count in (ELM `framework` of a credit point)."""
