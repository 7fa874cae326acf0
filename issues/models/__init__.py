"""What the board keeps: issues and what happens to them, the talk below them, and who takes part how."""

from issues.models.answers import OfficialAnswer, StageChange
from issues.models.drafts import IssueDraft
from issues.models.issue import Category, Issue, IssueVersion, Photo, Stage, WantedSkill
from issues.models.parts import Follow, SkillOffer, Support
from issues.models.saved import SavedFilter
from issues.models.tags import Tag, TaggedIssue
from issues.models.thread import Event, Post, PostVersion, Reaction, ReadPosition, Thread

__all__ = [
    "Category",
    "Event",
    "Follow",
    "Issue",
    "IssueDraft",
    "IssueVersion",
    "OfficialAnswer",
    "Photo",
    "Post",
    "PostVersion",
    "Reaction",
    "ReadPosition",
    "SavedFilter",
    "SkillOffer",
    "Stage",
    "StageChange",
    "Support",
    "Tag",
    "TaggedIssue",
    "Thread",
    "WantedSkill",
]
