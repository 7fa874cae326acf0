/* One field of words for each chosen photo, beside a small view of it, instead of one line each. */

const SIDE = 160;

async function draw(file, canvas) {
  try {
    const picture = await createImageBitmap(file);
    const scale = SIDE / Math.max(picture.width, picture.height);
    [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
  } catch {
    // HEIC is shown by few browsers; the server reads it.
    canvas.remove();
  }
}

export function describePhotos(box) {
  const files = box.querySelector("input[type=file]");
  const lines = box.querySelector("textarea");
  const field = lines.closest(".field");
  const rows = document.createElement("div");
  rows.className = "stack";
  field.before(rows);

  const remember = () => {
    lines.value = [...rows.querySelectorAll("input")].map((input) => input.value).join("\n");
  };

  function show() {
    const words = lines.value.split("\n");
    rows.replaceChildren(
      ...[...files.files].map((file, index) => {
        const row = document.createElement("div");
        row.className = "new-photo";
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [0, 0];
        canvas.setAttribute("aria-hidden", "true");
        draw(file, canvas);
        const label = document.createElement("label");
        label.className = "field__label";
        label.textContent = `${box.dataset.words.replace("{number}", index + 1)} (${file.name})`;
        label.htmlFor = `photo-words-${index}`;
        const input = document.createElement("input");
        Object.assign(input, { type: "text", id: label.htmlFor, maxLength: 200, value: words[index] ?? "" });
        input.addEventListener("input", remember);
        const column = document.createElement("div");
        column.append(label, input);
        row.append(canvas, column);
        return row;
      }),
    );
    field.hidden = rows.childElementCount > 0 || files.value === "";
  }

  files.addEventListener("change", show);
  show();
}
