"""The code lists the standard elements are written in. Each type is a `Concept` held to one `Vocabulary`."""

from typing import Annotated

from schemas.vocabularies.assessment import ASSESSMENT_TYPES, LEARNING_MODES, SUPERVISION_VERIFICATION
from schemas.vocabularies.countries import COUNTRIES
from schemas.vocabularies.isced_f import FIELDS_OF_EDUCATION
from schemas.vocabularies.languages import LANGUAGES
from schemas.vocabularies.levels import CREDIT_SYSTEMS, EQF_LEVELS, QF_EHEA_CYCLES
from schemas.vocabularies.quality import ACCREDITATION_TYPES
from schemas.vocabularies.skills import SKILL_REUSE_LEVELS, SKILL_TYPES
from schemas.vocabularies.vocabulary import Concept, Vocabulary

AccreditationType = Annotated[Concept, ACCREDITATION_TYPES]
AssessmentType = Annotated[Concept, ASSESSMENT_TYPES]
Country = Annotated[Concept, COUNTRIES]
CreditSystem = Annotated[Concept, CREDIT_SYSTEMS]
EqfLevel = Annotated[Concept, EQF_LEVELS]
FieldOfEducation = Annotated[Concept, FIELDS_OF_EDUCATION]
Language = Annotated[Concept, LANGUAGES]
LearningMode = Annotated[Concept, LEARNING_MODES]
QfEheaCycle = Annotated[Concept, QF_EHEA_CYCLES]
SkillReuseLevel = Annotated[Concept, SKILL_REUSE_LEVELS]
SkillType = Annotated[Concept, SKILL_TYPES]
SupervisionVerification = Annotated[Concept, SUPERVISION_VERIFICATION]

__all__ = [
    "ACCREDITATION_TYPES",
    "ASSESSMENT_TYPES",
    "COUNTRIES",
    "CREDIT_SYSTEMS",
    "EQF_LEVELS",
    "FIELDS_OF_EDUCATION",
    "LANGUAGES",
    "LEARNING_MODES",
    "QF_EHEA_CYCLES",
    "SKILL_REUSE_LEVELS",
    "SKILL_TYPES",
    "SUPERVISION_VERIFICATION",
    "AccreditationType",
    "AssessmentType",
    "Concept",
    "Country",
    "CreditSystem",
    "EqfLevel",
    "FieldOfEducation",
    "Language",
    "LearningMode",
    "QfEheaCycle",
    "SkillReuseLevel",
    "SkillType",
    "SupervisionVerification",
    "Vocabulary",
]
