"""The workers of Celery, for `LM_EXECUTOR=celery`: each takes steps, from whichever run they are.

    celery -A pipelines.workers worker -Q dagster --concurrency 2

Imported by Celery alone; needs the extra `cluster`.
"""

from __future__ import annotations

from dagster_celery.make_app import make_app
from dagster_celery.tasks import create_execute_job_task, create_resume_job_task, create_task

from pipelines.executors import celery_settings
from pipelines.instance import prepare
from pipelines.settings import load_settings

_settings = load_settings()
prepare(_settings)

app = make_app(celery_settings(_settings))  # type: ignore[no-untyped-call]
execute_plan = create_task(app)  # type: ignore[no-untyped-call]
execute_job = create_execute_job_task(app)
resume_job = create_resume_job_task(app)
