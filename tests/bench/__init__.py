"""Measures of speed and growth: ``make bench``, in docs/BENCHMARKS.md with their results.

A measure lets a *subject* (a part of Yoriai) and one or more *baselines* do the same work in turn, in one run, at three
sizes. What counts is the ratio between them: another machine, a slow disk and a busy neighbour change both. Nothing
here is asserted in the ordinary tests, because a time that must hold on any machine is a flaw of the test.

    make bench                                              all measures, printed
    make bench ARGS="page-home --quick"                     one measure, shorter; to see that it works
    make bench ARGS="--write"                               all measures, and their tables into docs/BENCHMARKS.md

To add a measure, put a module into ``tests/bench/measures/`` that has a tuple ``MEASURES``; it is found by itself::

    @contextmanager
    def city(quick: bool) -> Iterator[City]:            # once: servers, data; what it yields is handed to the rest
        with private_postgresql() as url:
            yield City(url)

    def through_the_service(city: City, households: int) -> dict[str, float]:
        with stopwatch() as watch:
            services.publish(actor=city.chair, circular=city.circular)
        return {"rate": households / watch.seconds}

    MEASURES = (
        Measure(
            name="circular-fan-out",
            what="One circular to all households: delivery rows written, committed and resumable.",
            sizes=(1_450, 14_500, 145_000), size_name="households",
            figures=(Figure("rate", "households/s"),),
            prepare=city, before_size=grow_to, before_run=forget_deliveries,
            subject=Contestant("the service", through_the_service),
            baselines=(Contestant("INSERT … SELECT", bare_insert), Contestant("one row a time", one_by_one)),
            goals=(Goal("rate", against="INSERT … SELECT", at_least=0.6),),
        ),
    )

``measure.py`` describes the parts, ``run.py`` the procedure, ``mathematics.py`` the formulas, ``servers.py`` and ``load.py``
what a measure may need: a private PostgreSQL or Redis, the real web server, a load generator.
"""
