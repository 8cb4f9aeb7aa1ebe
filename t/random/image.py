# SPDX-License-Identifier: ISC
"""A layout of one image."""
import gzip
import hashlib
import json
import os
import platform
import subprocess

TYPE = "application/vnd.oci.image."
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def blob(top, kind, data):
    digest = hashlib.sha256(data).hexdigest()
    with open(os.path.join(top, "blobs/sha256", digest), "wb") as f:
        f.write(data)
    return {"mediaType": TYPE + kind, "digest": "sha256:" + digest,
            "size": len(data)}


def text(value):
    return json.dumps(value).encode()


def compressed(how, data):
    if how == "+gzip":
        return gzip.compress(data, 1, mtime=0)
    if how == "+zstd":
        return subprocess.run(["zstd", "-q", "-1", "-c"], input=data,
                              stdout=subprocess.PIPE, check=True).stdout
    return data


def make(top, layers):
    """layers: of each its archive and "+gzip", "+zstd" or ""."""
    of_blobs(top, [(compressed(how, data), how,
                    hashlib.sha256(data).hexdigest()) for data, how in layers])


def of_blobs(top, layers):
    """layers: of each its blob, how it is compressed and its diff_id."""
    os.makedirs(os.path.join(top, "blobs/sha256"))
    ids = ["sha256:" + diff_id for _, _, diff_id in layers]
    config = blob(top, "config.v1+json", text({
        "os": "linux", "architecture": MACHINES.get(platform.machine(), "386"),
        "rootfs": {"type": "layers", "diff_ids": ids}, "config": {}}))
    manifest = blob(top, "manifest.v1+json", text({
        "schemaVersion": 2, "mediaType": TYPE + "manifest.v1+json",
        "config": config, "layers": [
            blob(top, "layer.v1.tar" + how, data)
            for data, how, _ in layers]}))
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "x"}
    with open(os.path.join(top, "index.json"), "wb") as f:
        f.write(text({"schemaVersion": 2, "manifests": [manifest]}))
    with open(os.path.join(top, "oci-layout"), "wb") as f:
        f.write(text({"imageLayoutVersion": "1.0.0"}))
