"""Where steps run: in the run's process, in processes of this machine, or on Celery's workers.

The definitions are the same on each. What steps pass to each other lies in the stores, never in memory.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from pipelines.settings import Settings

RESULTS_KEPT = 86_400
"""Seconds for which Celery keeps what a step answered, for the run that waits for it."""


def executor_of(settings: Settings) -> dg.ExecutorDefinition:
    """The executor of all jobs. Raises ValueError where Celery is asked for and not said which."""
    if settings.executor == "celery":
        celery_settings(settings)
        return on_celery()
    if settings.executor == "multiprocess":
        return dg.multiprocess_executor.configured(
            {
                "max_concurrent": settings.processes,
                # Children are forked from a process that has read all code, not started anew.
                "start_method": {"forkserver": {"preload_modules": ["pipelines.definitions"]}},
            },
            name="processes",
        )
    return dg.in_process_executor


def on_celery() -> dg.ExecutorDefinition:
    """Steps as tasks of Celery. Its addresses come from the settings of the process that runs, and
    so stand in no run's configuration."""

    @dg.executor(
        name="celery", config_schema={}, requirements=dg.multiple_process_executor_requirements()
    )
    def celery(context: dg.InitExecutorContext) -> dg.Executor:
        import warnings

        from celery.exceptions import DuplicateTaskNameWarning
        from dagster._core.execution.retries import RetryMode
        from dagster_celery.executor import CeleryExecutor

        from pipelines.settings import load_settings

        # dagster-celery declares its task anew for every step that it sends.
        warnings.simplefilter("ignore", DuplicateTaskNameWarning)
        made: dg.Executor = CeleryExecutor(  # type: ignore[no-untyped-call]
            retries=RetryMode.ENABLED, **celery_settings(load_settings())
        )
        return made

    return celery


def celery_settings(settings: Settings) -> dict[str, Any]:
    """Addresses of Celery's broker and of its answers, and how it treats what is lost.

    A step is acknowledged when it is done: where its worker is gone it is given to another after
    `step_seconds`. It then finds in the stores what was done already. Raises ValueError.
    """
    if not settings.celery_broker:
        raise ValueError(
            "LM_EXECUTOR is celery, and LM_CELERY_BROKER does not say where its broker is: expected "
            "for instance redis://:password@host:6379/0"
        )
    transport = {
        "visibility_timeout": settings.step_seconds,
        "max_retries": 3,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.5,
    }
    return {
        "broker": settings.celery_broker,
        "backend": settings.celery_backend or settings.celery_broker,
        "include": [],
        "config_source": {
            "broker_transport_options": transport,
            "result_backend_transport_options": transport,
            "result_expires": RESULTS_KEPT,
            "task_acks_late": True,
            "task_reject_on_worker_lost": True,
            "worker_prefetch_multiplier": 1,
            # polars and Arrow give memory back when a process ends.
            "worker_max_tasks_per_child": 50,
            "broker_connection_retry_on_startup": True,
            "worker_hijack_root_logger": False,
        },
    }
