"""Publishers released something: ask them all, as cheaply as they allow, and start the night.

The run key is what the publishers said, so the same news never starts a second run.
"""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

import hashlib

import dagster as dg

from assets.edges import Edges

EVERY = 3600
"""Seconds between ticks; a tick costs one request a publisher."""


def release_sensor() -> dg.SensorDefinition:
    """Starts `nightly` when a publisher has something that the archive has not."""

    @dg.sensor(
        name="releases",
        job_name="nightly",
        minimum_interval_seconds=EVERY,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Asks every publisher what is new; starts the nightly job when something is.",
    )
    def releases(
        context: dg.SensorEvaluationContext, edges: dg.ResourceParam[Edges]
    ) -> dg.RunRequest | dg.SkipReason:
        from assets.sources.survey import news, survey_all

        surveys = survey_all(edges.catalogue, edges.fetcher_of, edges.archive)
        found = news(surveys, edges.archive)
        down = [
            f"{publisher}: {survey.failure}"
            for publisher, survey in surveys.items()
            if survey.failure
        ]
        if not found:
            return dg.SkipReason(
                "nothing new" + (f"; could not ask {'; '.join(down)}" if down else "")
            )
        said = "\n".join(f"{item.source} {item.edition} {item.fingerprint}" for item in found)
        context.update_cursor(said[-1000:])
        return dg.RunRequest(run_key=hashlib.sha256(said.encode()).hexdigest()[:24])

    return releases
