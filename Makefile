# Yoriai: `make run` runs the city, `make test` tests it. The rest is for those who build it.
.DEFAULT_GOAL := run
.PHONY: run test bench format lock messages

PORT ?= 8000
export PORT

run:
	@bin/venv embedded
	@exec .venv/bin/python manage.py runcity

test:
	@bin/venv dev
	@exec .venv/bin/python -m tests.everything

bench:
	@bin/venv dev
	@exec .venv/bin/python -m tests.bench $(ARGS)

format:
	@bin/venv dev
	.venv/bin/python -m ruff check --fix .
	.venv/bin/python -m ruff format .

# New versions within the bounds of pyproject.toml. Needs uv (pip install uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet --upgrade pyproject.toml --extra embedded --extra dev --extra build -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet pyproject.toml --extra embedded --extra build -c requirements/dev.txt -o requirements/embedded.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet pyproject.toml -c requirements/dev.txt -o requirements/production.txt

# Collects the texts of code and templates into locale/. Needs GNU gettext.
messages:
	@bin/venv dev
	.venv/bin/python manage.py makemessages --all --no-obsolete --add-location file --ignore .venv --ignore var --ignore tests --ignore staticfiles
	.venv/bin/python bin/catalogues.py
