"""What kind of thing is learnt, and how far it carries: lists of ESCO, as the European Learning Model 3 uses them."""

from schemas.vocabularies.vocabulary import Vocabulary

SKILL_TYPES = Vocabulary(
    "skill types",
    scheme="http://data.europa.eu/snb/skill-type/25831c2",
    base="http://data.europa.eu/snb/skill-type/",
    labels={
        "knowledge": "knowledge",
        "skill": "skill",
    },
)
"""Knowledge or skill (ELM `dcType` of a learning outcome)."""

SKILL_REUSE_LEVELS = Vocabulary(
    "skill reuse levels",
    scheme="http://data.europa.eu/snb/skill-reuse-level/25831c2",
    base="http://data.europa.eu/snb/skill-reuse-level/",
    labels={
        "cross-sector": "cross-sector skills and competences",
        "occupation-specific": "occupation specific skills and competences",
        "sector-specific": "sector specific skills and competences",
        "transversal": "transversal skills and competences",
    },
)
"""How far a skill carries (ELM `reusabilityLevel`)."""
