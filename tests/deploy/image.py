"""The image without Docker: a folder that the steps of the Dockerfile have filled."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.deploy import files


@dataclass(frozen=True)
class Image:
    """The content of the image, put together as the Dockerfile does it, and the environment of its processes."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a command as the image would and waits for its end, two minutes at most."""
        return subprocess.run(
            command,
            env=self.environment | environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )


def build_image(folder: Path) -> Image:
    """Copies what .dockerignore lets in, then does what the RUN line of the first stage does."""
    for path in files.build_context():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(files.ROOT / path, folder / path)
        # As if the operator's umask were strict.
        (folder / path).chmod((folder / path).stat().st_mode & 0o700)
    # Git keeps no empty folders, and a young project has no drawings yet.
    for name in ("static", "locale"):
        (folder / name).mkdir(exist_ok=True)
    environment = {
        name: value.replace("/app", str(folder))
        for name, value in files.image_environment().items()
    }
    environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    image = Image(folder, environment)
    steps = next(
        rest for word, rest in files.instructions()[0] if word == "RUN" and "collectstatic" in rest
    )
    done = image.run("sh", "-c", steps.replace("/app", str(folder)))
    assert done.returncode == 0, done.stderr
    return image
