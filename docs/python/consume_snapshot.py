#!/usr/bin/python3
"""Assembles the newest whole snapshot of a model from Millrace's snapshot topic.

Needs confluent_kafka (Debian: apt-get install python3-confluent-kafka) and, beside it, the standard
library and the .avsc files alone. Checks the manifest's checksum, the SHA-256 of every tensor and
that of all together; prints them; writes NumPy or safetensors files if asked to.

Exit codes: 0 done, 1 no good snapshot.
"""

import argparse
import hashlib
import json
import pathlib
import re
import struct
import sys

import confluent_kafka

FIRST_WINDOW = 256  # records before the end of the topic to look at first
CHECKSUM_BYTES = 66  # the manifest's last field: a length in 2 bytes and 64 digits
KEY = re.compile(
    r"(?P<model>[^/]+)/(?P<version>\d{12})/(?:manifest|tensor/(?P<tensor>[^/]+)/(?P<chunk>\d+))"
)


# --- Avro ---------------------------------------------------------------------------------------


def full_name(name, namespace):
    return name if "." in name or not namespace else f"{namespace}.{name}"


def canonical(schema, namespace=""):
    """The parsing canonical form, of which the fingerprint is taken."""
    if isinstance(schema, str):
        return json.dumps(schema if schema in PRIMITIVES else full_name(schema, namespace))
    if isinstance(schema, list):
        return "[" + ",".join(canonical(branch, namespace) for branch in schema) + "]"
    kind = schema["type"]
    if kind in PRIMITIVES:
        return json.dumps(kind)
    if kind == "array":
        return '{"type":"array","items":' + canonical(schema["items"], namespace) + "}"
    if kind == "map":
        return '{"type":"map","values":' + canonical(schema["values"], namespace) + "}"
    name = full_name(schema["name"], schema.get("namespace", namespace))
    inner = name.rpartition(".")[0]
    text = '{"name":' + json.dumps(name) + ',"type":' + json.dumps(kind)
    if kind == "record":
        fields = (
            '{"name":' + json.dumps(f["name"]) + ',"type":' + canonical(f["type"], inner) + "}"
            for f in schema["fields"]
        )
        text += ',"fields":[' + ",".join(fields) + "]"
    elif kind == "enum":
        text += ',"symbols":[' + ",".join(json.dumps(s) for s in schema["symbols"]) + "]"
    elif kind == "fixed":
        text += ',"size":' + str(schema["size"])
    else:
        raise ValueError(f"{kind} is no type of Avro")
    return text + "}"


def fingerprint(schema):
    """CRC-64-AVRO."""
    empty = 0xC15D213AA4D7A795
    crc = empty
    for byte in canonical(schema).encode():
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (empty if crc & 1 else 0)
    return crc


class Decoder:
    """Avro's binary encoding of one value, from a schema as JSON."""

    def __init__(self, data):
        self.data = data
        self.position = 0
        self.names = {}

    def take(self, count):
        if count < 0 or self.position + count > len(self.data):
            raise ValueError("the record is torn")
        start = self.position
        self.position += count
        return self.data[start : self.position]

    def long(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)
            shift += 7
            if shift > 63:
                raise ValueError("a number has too many bytes")

    def blocks(self, read):
        while (count := self.long()) != 0:
            if count < 0:  # then the block's size in bytes follows, for readers that skip it
                count = -count
                self.long()
            for _ in range(count):
                read()

    def read(self, schema, namespace=""):
        if isinstance(schema, list):
            return self.read(schema[self.long()], namespace)
        kind = schema if isinstance(schema, str) else schema["type"]
        if kind in PRIMITIVES:
            return PRIMITIVES[kind](self)
        if isinstance(schema, str):
            return self.read_named(self.names[full_name(schema, namespace)])
        if kind == "array":
            values = []
            self.blocks(lambda: values.append(self.read(schema["items"], namespace)))
            return values
        if kind == "map":
            entries = {}

            def entry():
                key = PRIMITIVES["string"](self)
                entries[key] = self.read(schema["values"], namespace)

            self.blocks(entry)
            return entries
        name = full_name(schema["name"], schema.get("namespace", namespace))
        self.names[name] = (schema, name)
        return self.read_named((schema, name))

    def read_named(self, named):
        schema, name = named
        if schema["type"] == "enum":
            return schema["symbols"][self.long()]
        if schema["type"] == "fixed":
            return self.take(schema["size"])
        inner = name.rpartition(".")[0]
        return {f["name"]: self.read(f["type"], inner) for f in schema["fields"]}


PRIMITIVES = {
    "null": lambda d: None,
    "boolean": lambda d: d.take(1) != b"\0",
    "int": Decoder.long,
    "long": Decoder.long,
    "float": lambda d: struct.unpack("<f", d.take(4))[0],
    "double": lambda d: struct.unpack("<d", d.take(8))[0],
    "bytes": lambda d: d.take(d.long()),
    "string": lambda d: d.take(d.long()).decode(),
}


class Schemas:
    """Every schema of a folder by its fingerprint, older versions included."""

    def __init__(self, folder):
        self.by_fingerprint = {}
        for path in sorted(pathlib.Path(folder).rglob("*.avsc")):
            schema = json.loads(path.read_text())
            self.by_fingerprint[fingerprint(schema)] = schema
        if not self.by_fingerprint:
            raise SystemExit(f"--schemas {folder}: expected .avsc files, got none")

    def decode(self, data):
        """Avro's single-object encoding: C3 01, the fingerprint, the value."""
        if data[:2] != b"\xc3\x01":
            raise ValueError("no Avro single-object encoding")
        writer = struct.unpack("<Q", data[2:10])[0]
        if writer not in self.by_fingerprint:
            raise ValueError(f"unknown schema {writer:016x}: get newer .avsc files")
        decoder = Decoder(data[10:])
        value = decoder.read(self.by_fingerprint[writer])
        if decoder.position != len(decoder.data):
            raise ValueError("bytes are left behind the record")
        return value


# --- Kafka --------------------------------------------------------------------------------------


def records(consumer, partition, start):
    """The committed records from an offset to the present end."""
    consumer.assign([confluent_kafka.TopicPartition(partition.topic, 0, start)])
    while True:
        message = consumer.poll(30)
        if message is None:
            raise SystemExit(f"{partition.topic}: expected an answer within 30 s, got none")
        if message.error():
            if message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
                return
            raise SystemExit(f"{partition.topic}: {message.error()}")
        yield message


def newest(consumer, topic, schemas, model):
    """The newest good snapshot: its manifest and the bytes of its tensors."""
    partition = confluent_kafka.TopicPartition(topic, 0)
    low, high = consumer.get_watermark_offsets(partition, timeout=30)
    window = FIRST_WINDOW
    while True:
        start = max(low, high - window)
        found = scan(records(consumer, partition, start), schemas, model, start == low)
        if found or start == low:
            return found
        window *= 2


def scan(messages, schemas, model, complain):
    chunks = {}
    found = None
    for message in messages:
        key = KEY.fullmatch((message.key() or b"").decode(errors="replace"))
        if not key or (model and key["model"] != model) or message.value() is None:
            continue
        version = (key["model"], int(key["version"]))
        if key["tensor"]:
            chunks.setdefault(version, {})[(key["tensor"], int(key["chunk"]))] = message.value()
            continue
        try:
            found = assemble(schemas, message.value(), chunks.pop(version, {}))
        except ValueError as problem:
            if complain:
                print(f"{version[0]} version {version[1]}: {problem}", file=sys.stderr)
    return found


# --- The snapshot -------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def assemble(schemas, value, chunks):
    """The manifest and its tensors' bytes by name, all checked."""
    manifest = schemas.decode(value)
    require("checksum", manifest["checksum"], sha256(value[:-CHECKSUM_BYTES]))
    tensors = {}
    lines = ""
    for info in manifest["tensors"]:
        name = info["name"]
        pieces = []
        for number in range(info["chunks"]):
            if (name, number) not in chunks:
                raise ValueError(f"tensor {name}: chunk {number} of {info['chunks']} is missing")
            piece = schemas.decode(chunks[name, number])
            said = (piece["version"], piece["tensor"], piece["chunk"], piece["offset"])
            at = sum(len(p) for p in pieces)
            require(f"chunk of {name}", (manifest["version"], name, number, at), said)
            pieces.append(piece["data"])
        tensors[name] = b"".join(pieces)
        require(f"size of {name}", info["sizeBytes"], len(tensors[name]))
        require(f"SHA-256 of {name}", info["sha256"], sha256(tensors[name]))
        shape = ",".join(str(extent) for extent in info["shape"])
        lines += f"{name} {info['kind']} {shape} {info['sha256']}\n"
    require("SHA-256 of all tensors", manifest["sha256"], sha256(lines.encode()))
    return manifest, tensors


def require(what, expected, got):
    if expected != got:
        raise ValueError(f"{what}: expected {expected}, got {got}")


def write_npy(path, shape, data):
    """NumPy's format, version 1.0: magic, header of a multiple of 64 bytes, the elements."""
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    text += " " * (-(10 + len(text) + 1) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + data)


def write_safetensors(path, manifest, tensors):
    header = {"__metadata__": {"format": "pt", "millrace.sha256": manifest["sha256"]}}
    end = 0
    for info in manifest["tensors"]:
        begin, end = end, end + info["sizeBytes"]
        header[info["name"]] = {
            "dtype": "F32",
            "shape": info["shape"],
            "data_offsets": [begin, end],
        }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(tensors.values()))


def arguments():
    schemas = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "src" / "main"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-b", "--bootstrap-servers", default="localhost:9092")
    parser.add_argument("--topic", default="millrace.snapshots")
    parser.add_argument("--model", help="by default that of the newest snapshot")
    parser.add_argument("--schemas", default=schemas, help="a folder with .avsc files")
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE",
                        help="a setting of librdkafka, such as security.protocol=SSL")
    parser.add_argument("--npy", type=pathlib.Path, metavar="FOLDER",
                        help="writes each tensor as FOLDER/NAME.npy")
    parser.add_argument("--safetensors", type=pathlib.Path, metavar="FILE",
                        help="writes all tensors to one file")
    return parser.parse_args()


def main():
    options = arguments()
    consumer = confluent_kafka.Consumer({
        "bootstrap.servers": options.bootstrap_servers,
        "group.id": "millrace-python",  # librdkafka wants one; it is not joined
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        **dict(setting.split("=", 1) for setting in options.config),
    })
    try:
        found = newest(consumer, options.topic, Schemas(options.schemas), options.model)
    finally:
        consumer.close()
    if not found:
        print(f"{options.topic}: expected a whole snapshot, got none", file=sys.stderr)
        return 1
    manifest, tensors = found
    print(f"{manifest['model']} version {manifest['version']} step {manifest['step']}")
    for info in manifest["tensors"]:
        print(f"{sha256(tensors[info['name']])} {info['name']} {info['shape']}")
    print(f"{manifest['sha256']} all")
    if options.npy:
        options.npy.mkdir(parents=True, exist_ok=True)
        for info in manifest["tensors"]:
            path = options.npy / f"{info['name']}.npy"
            write_npy(path, info["shape"], tensors[info["name"]])
    if options.safetensors:
        write_safetensors(options.safetensors, manifest, tensors)
    return 0


if __name__ == "__main__":
    sys.exit(main())
