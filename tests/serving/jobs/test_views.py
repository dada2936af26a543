"""What a job's page says about where it is."""

from dataclasses import replace

import pytest

from serving.jobs.job import Job, State
from serving.web.jobs.views import stage_text
from serving.web.language import language

JOB = Job(
    number=1, id="j", kind="import", arguments={}, who="w", enterprise_id=None, key=None, lane=None,
    state=State.RUNNING, queued_at=0.0, started_at=0.0, finished_at=None, worker=None, attempt=1, deaths=0,
    cancelling=False, stage="", done=0, total=0, result=None, error=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "zh", "en"),
    [
        ("", "正在开始", "Beginning"),
        ("checking 检验 记录.csv", "校验：检验 记录.csv", "Checking 检验 记录.csv"),
        ("writing inspections", "写入：inspections", "Writing inspections"),
        ("writing", "生成文件", "Writing"),
        ("month enterprise ftq", "学习：", "Learning: "),
        ("something new", "something new", "something new"),
    ],
)
def test_a_stage_is_told_in_the_readers_words(stage, zh, en):
    job = replace(JOB, stage=stage)
    assert stage_text(language("zh"), job).startswith(zh)
    assert stage_text(language("en"), job).startswith(en)
