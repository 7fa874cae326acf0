"""Forms of the board: they check what was typed; services decide what may be done."""

from issues.forms.acts import OfficialAnswerForm, SavedFilterForm, SkillForm, StageForm
from issues.forms.fields import number_of
from issues.forms.talk import EditPostForm, PostForm, ReasonForm
from issues.forms.writing import EditIssueForm, IssueForm

__all__ = [
    "EditIssueForm",
    "EditPostForm",
    "IssueForm",
    "OfficialAnswerForm",
    "PostForm",
    "ReasonForm",
    "SavedFilterForm",
    "SkillForm",
    "StageForm",
    "number_of",
]
