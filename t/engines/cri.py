# SPDX-License-Identifier: ISC
# cri.py SOCKET METHOD [JSON]: ask a runtime service as a kubelet does.  Prints
# the answer as JSON, or says why there is none and ends with 1.
#
# curl has HTTP/2; what gRPC puts into it is five bytes before the message and
# a status behind it.  Of the messages (kubernetes/cri-api, runtime/v1) the
# fields that the tests use are below: name=number:type, of type string where
# none is said, with a * where there may be several.
import json
import subprocess
import sys
import tempfile
import urllib.parse

MESSAGES = """
VersionRequest version=1
VersionResponse version=1 runtime_name=2 runtime_version=3
RunPodSandboxRequest config=1:PodSandbox
RunPodSandboxResponse pod_sandbox_id=1
PodSandbox metadata=1:PodMetadata hostname=2 log_directory=3 linux=8:LinuxPod
PodMetadata name=1 uid=2 namespace=3
LinuxPod cgroup_parent=1 security_context=2:PodSecurity
PodSecurity namespace_options=1:Namespaces privileged=6:int
Namespaces network=1:int pid=2:int ipc=3:int
StopPodSandboxRequest pod_sandbox_id=1
RemovePodSandboxRequest pod_sandbox_id=1
CreateContainerRequest pod_sandbox_id=1 config=2:Container sandbox_config=3:PodSandbox
CreateContainerResponse container_id=1
Container metadata=1:Metadata image=2:Image command=3* working_dir=5 envs=6*:KeyValue mounts=7*:Mount log_path=11 tty=14:int linux=15:LinuxContainer
Metadata name=1
Image image=1
KeyValue key=1 value=2
Mount container_path=1 host_path=2 readonly=3:int
LinuxContainer resources=1:Resources security_context=2:Security
Resources cpu_period=1:int cpu_quota=2:int memory_limit_in_bytes=4:int oom_score_adj=5:int cpuset_cpus=6 memory_swap_limit_in_bytes=10:int
Security privileged=2:int namespace_options=3:Namespaces run_as_user=5:Int run_as_group=12:Int readonly_rootfs=7:int no_new_privs=11:int seccomp=15:Profile
Int value=1:int
Profile profile_type=1:int
StartContainerRequest container_id=1
StopContainerRequest container_id=1 timeout=2:int
RemoveContainerRequest container_id=1
ExecSyncRequest container_id=1 cmd=2* timeout=3:int
ExecSyncResponse stdout=1 stderr=2 exit_code=3:int
UpdateContainerResourcesRequest container_id=1 linux=2:Resources
ContainerStatusRequest container_id=1
ContainerStatusResponse status=1:Status
Status state=3:int exit_code=7:int reason=10 message=11
ContainerStatsRequest container_id=1
ContainerStatsResponse stats=1:Stats
Stats cpu=2:Cpu memory=3:Memory
Cpu usage_core_nano_seconds=2:Int
Memory working_set_bytes=2:Int
"""


def fields(message):
    """name, number, type, whether there may be several"""
    for line in MESSAGES.splitlines():
        words = line.split()
        if words[:1] != [message]:
            continue
        for word in words[1:]:
            name, rest = word.split("=")
            number, _, kind = rest.partition(":")
            yield name, int(number.rstrip("*")), kind, "*" in number


def varint(n):
    n &= 2**64 - 1
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def encode(message, values):
    out = b""
    unknown = set(values)
    for name, number, kind, several in fields(message):
        unknown.discard(name)
        all = values.get(name, [])
        for v in all if several else [all] if name in values else []:
            if kind == "int":
                out += varint(number << 3) + varint(int(v))
                continue
            data = encode(kind, v) if kind else v.encode()
            out += varint(number << 3 | 2) + varint(len(data)) + data
    if unknown:
        sys.exit(f"cri.py: {message}: no {unknown}")
    return out


def read_varint(data, i):
    n = shift = 0
    while data[i] > 127:
        n |= (data[i] & 127) << shift
        i, shift = i + 1, shift + 7
    return n | data[i] << shift, i + 1


def decode(message, data):
    out, i = {}, 0
    known = {f[1]: f for f in fields(message)}
    while i < len(data):
        key, i = read_varint(data, i)
        n, i = read_varint(data, i)  # of numbers and lengths: no others come
        value = n
        if key & 7 == 2:
            value, i = data[i : i + n], i + n
        if key >> 3 not in known:
            continue
        name, _, kind, several = known[key >> 3]
        if isinstance(value, bytes):
            value = decode(kind, value) if kind else value.decode()
        if several:
            out.setdefault(name, []).append(value)
        else:
            out[name] = value
    return out


def call(socket, method, request):
    with tempfile.NamedTemporaryFile("r") as headers:
        answer = subprocess.run(
            ["curl", "-sS", "--max-time", "60", "--http2-prior-knowledge"]
            + ["--unix-socket", socket, "-D", headers.name]
            + ["-H", "Content-Type: application/grpc", "-H", "TE: trailers"]
            + ["--data-binary", "@-"]
            + ["http://cri/runtime.v1.RuntimeService/" + method],
            input=b"\0" + len(request).to_bytes(4, "big") + request,
            stdout=subprocess.PIPE, check=True).stdout
        said = dict(l.strip().partition(": ")[::2] for l in headers)
    if said.get("grpc-status") != "0":
        sys.exit(urllib.parse.unquote(said.get("grpc-message", "no status")))
    return answer[5:]


def main():
    socket, method, *rest = sys.argv[1:]
    request = encode(method + "Request", json.loads(rest[0] if rest else "{}"))
    answer = call(socket, method, request)
    print(json.dumps(decode(method + "Response", answer)))


main()
