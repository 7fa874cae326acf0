# The image of a city: web, worker, beat and migrate all run from it (docker-compose.yml).
FROM python:3.12-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /app

# First what changes least. Nothing is compiled here: every locked package has a wheel.
COPY requirements/production.txt requirements/
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --only-binary :all: --require-hashes -r requirements/production.txt

# .dockerignore names what is let in; everything else stays out. Who runs the image may read all of it, however
# strict the umask of the checkout and Django's permissions for files were.
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app/platform:/app \
    DJANGO_SETTINGS_MODULE=config.settings.production
RUN python bin/catalogues.py \
    && SECRET_KEY=thrown-away-when-this-step-ends python manage.py collectstatic --noinput \
    && python -m compileall -q /app \
    && chmod -R u+rwX,go+rX,go-w /app


FROM python:3.12-slim-bookworm

ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app/platform:/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    DATA_DIR=/data \
    LOG_FORMAT=json

# The folder's owner becomes the owner of the volume that is mounted on it.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin yoriai \
    && install --directory --owner yoriai --group yoriai --mode 0750 /data /data/media

COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER yoriai

EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["python", "bin/healthcheck.py"]
# Behind a proxy, tell the web server which one to believe: docker-compose.yml shows how.
CMD ["bin/if-safe", "python", "-m", "uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--ws-max-size", "16384", "--no-access-log", "--timeout-graceful-shutdown", "3", "--log-level", "warning"]
