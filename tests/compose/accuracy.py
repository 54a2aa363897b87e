#!/usr/bin/env python3
"""Held-out accuracy of a running `millrace serve`, measured as a client would: over HTTP, image by image.

    accuracy.py URL [FOLDER]

Sends the test images of Fashion-MNIST in FOLDER (by default the sample that ships with Millrace) to URL/predict, compares
the answers with the labels, and prints one line of JSON: accuracy, images, and the first and last version that answered.
Python's standard library is all that it needs.
"""

import gzip
import json
import pathlib
import struct
import sys
import urllib.request

SAMPLE = (
    pathlib.Path(__file__).resolve().parents[2]
    / "app/src/main/resources/io/millrace/app/data/fashion-mnist-sample"
)
BATCH = 200


def read_idx(path, rank):
    """An IDX file of bytes: its extents, and the bytes behind them."""
    data = gzip.decompress(path.read_bytes())
    zeros, kind, got_rank = struct.unpack(">HBB", data[:4])
    if (zeros, kind, got_rank) != (0, 8, rank):
        raise SystemExit(f"{path}: expected an IDX file of bytes with {rank} extents, got {data[:4].hex()}")
    extents = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return extents, data[4 + 4 * rank :]


def predict(url, images):
    body = json.dumps({"images": [list(image) for image in images]}).encode()
    request = urllib.request.Request(
        url + "/predict", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def main():
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    url = sys.argv[1].rstrip("/")
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else SAMPLE
    (count, height, width), pixels = read_idx(folder / "t10k-images-idx3-ubyte.gz", 3)
    (labelled,), labels = read_idx(folder / "t10k-labels-idx1-ubyte.gz", 1)
    if count != labelled:
        raise SystemExit(f"{folder}: expected a label for each image, got {count} images and {labelled} labels")
    size = height * width
    correct, versions = 0, []
    for start in range(0, count, BATCH):
        end = min(start + BATCH, count)
        answer = predict(url, [pixels[i * size : (i + 1) * size] for i in range(start, end)])
        versions.append(answer["version"])
        predicted = [prediction["label"] for prediction in answer["predictions"]]
        if len(predicted) != end - start:
            raise SystemExit(f"{url}: expected {end - start} predictions, got {len(predicted)}")
        correct += sum(a == b for a, b in zip(predicted, labels[start:end]))
    print(
        json.dumps(
            {
                "accuracy": round(correct / count, 4),
                "images": count,
                "firstVersion": versions[0],
                "lastVersion": versions[-1],
            }
        )
    )


if __name__ == "__main__":
    main()
