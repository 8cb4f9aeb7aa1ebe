#!/bin/sh
# SPDX-License-Identifier: ISC
# containerd runs pods by oci-runtime when it is asked as a kubelet asks it.
# The pods are on the host's network, for that needs no plugin.
# shellcheck disable=SC2016 # what is in single quotes is a container's, or jq's
. "${0%/*}/../lib.sh"
export space=k8s.io
. "$top/t/engines/containerd.sh"
need python3 jq curl

# As the manual has it, and what a machine without a registry, AppArmor and the
# right to lower oom_score_adj asks for.
. "$top/t/engines/manual.sh"
{
	from_manual /etc/containerd/config.toml |
		sed '/^default_runtime_name/a snapshotter = "native"'
	cat <<E2
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "$image"
disable_apparmor = true
restrict_oom_score_adj = true
stats_collect_period = 1
E2
} >config.toml
containerd_start --cmd sleep --cmd 1000

# cri METHOD [FILTER [JQ-OPTION...]]: what jq makes of nothing is asked.
cri() {
	cri_method=$1 cri_filter=${2-"{}"}
	shift; [ $# = 0 ] || shift
	python3 "$top/t/engines/cri.py" /run/containerd/containerd.sock \
		"$cri_method" "$(jq -n --arg host "$tmp/host" "$cri_filter" "$@")"
}

# created FILTER COMMAND...: a container of the pod, as the filter changes what
# is asked for; sets $box.
created() {
	created_filter=$1
	shift
	cri CreateContainer '{pod_sandbox_id: $pod, sandbox_config: $pods[0],
		config: ({metadata: {name: "box"}, image: {image: $image},
		command: $ARGS.positional, log_path: "log", linux: {
		security_context: {namespace_options: {network: 2, pid: 1}}}} |
		'"$created_filter"')}' --arg pod "$pod" --slurpfile pods pod.json \
		--arg image "$image" --args -- "$@" >"$out" || return 1
	box=$(jq -r .container_id "$out")
}
# of_box METHOD [FILTER]: a request that names the container.
of_box() {
	cri "$1" "{container_id: \$id} + ${2-{\}}" --arg id "$box"
}
up() {
	created "$@" && of_box StartContainer
}
# x COMMAND...: in the container, for three seconds at most.
x() {
	cri ExecSync '{container_id: $id, cmd: $ARGS.positional, timeout: 3}' \
		--arg id "$box" --args -- "$@" >answer || return 1
	jq -j .stdout answer
	return "$(jq '.exit_code // 0' answer)"
}
is_state() { # JQ-CONDITION
	of_box ContainerStatus >state && jq -e ".status | $1" state
}
down() {
	of_box StopContainer '{timeout: 0}' && of_box RemoveContainer
}
# limit V1-CONTROLLER V1-FILE V2-FILE
limit() {
	cat "/sys/fs/cgroup/$1$parent/pod/$box/$2" 2>/dev/null ||
		cut -d' ' -f1 "/sys/fs/cgroup$parent/pod/$box/$3"
}

jq -n --arg parent "$parent/pod" --arg logs "$tmp/logs" '{
	metadata: {name: "pod", uid: "1", namespace: "default"},
	log_directory: $logs, linux: {cgroup_parent: $parent,
	security_context: {privileged: true, namespace_options:
	{network: 2, pid: 1}}}}' >pod.json
ok "a pod" cri RunPodSandbox '{config: $pods[0]}' --slurpfile pods pod.json
pod=$(jq -r .pod_sandbox_id "$out")
is "has a first process" "$(pgrep -f -c '^sleep 1000')" 1

mkdir host && echo text >host/file
ok "a container" up '.working_dir = "/tmp" | .envs = [{key: "A", value: "b"}] |
	.mounts = [{host_path: $host, container_path: "/mnt", readonly: true}] |
	.linux.security_context += {run_as_user: {value: 1000},
		run_as_group: {value: 1000}, readonly_rootfs: true,
		no_new_privs: true, seccomp: {profile_type: 0}} |
	.linux.resources = {memory_limit_in_bytes: 50000000, cpu_quota: 50000,
		cpu_period: 100000, oom_score_adj: 900}' \
	sh -c 'echo said; exec sleep 1001'
ok "runs" wait_for is_state '.state == 1'
logged() { grep -q "$1" logs/log; }
ok "and its output is logged" wait_for logged ' stdout F said$'
is "it has its limit of memory" \
	"$(limit memory memory.limit_in_bytes memory.max)" 49999872
is "and of time" "$(limit cpu cpu.cfs_quota_us cpu.max)" 50000
exits 6 "ExecSync" x sh -c 'echo $A $PWD $(id -u) $(id -g) $(cat /mnt/file)
	sed -n "s/NoNewPrivs:.//p; s/Seccomp:.//p" /proc/self/status
	cat /proc/1/oom_score_adj
	touch /x 2>/dev/null || touch /mnt/x 2>/dev/null || echo ro; exit 6'
is "is in all that was asked for" "$(tr '\n' ' ' <"$out")" \
	"b /tmp 1000 1000 text 1 2 900 ro "
fails "of no program" x nosuch
said "names it" 'nosuch: executable file not found in'
fails "of what takes too long" x sleep 1002
said "ends" 'timeout 3s exceeded'
is "so does its process" "$(pgrep -f '^sleep 1002')" ""
ok "UpdateContainerResources" of_box UpdateContainerResources '{linux:
	{memory_limit_in_bytes: 60000000, cpu_quota: 25000, cpu_period: 100000}}'
is "changes the limit of memory" \
	"$(limit memory memory.limit_in_bytes memory.max)" 59998208
is "and of time" "$(limit cpu cpu.cfs_quota_us cpu.max)" 25000
ok "ContainerStats" of_box ContainerStats
ok "are its cgroups'" jq -e '.stats.cpu.usage_core_nano_seconds.value > 1e6 and
	(.stats.memory.working_set_bytes.value | . > 10000 and . < 6e7)' "$out"
ok "it ends and goes" down
is "its cgroup too" "$(engine_cgroups | grep "$box")" ""

ok "one in the pod's pid namespace" \
	up '.linux.security_context.namespace_options.pid = 0' sleep 1003
ok "has a shell" x ps
printed "that sees the pod" 'sleep 1000'
ok "it ends and goes" down
ok "a privileged one" up '.linux.security_context.privileged = true' sleep 1004
ok "has a shell" x sed -n 's/CapEff:.//p; s/Seccomp:.//p' /proc/self/status
is "with all rights" "$(tr '\n' ' ' <"$out")" \
	"$(sed -n 's/CapEff:.//p' /proc/self/status) 0 "
ok "it ends and goes" down

ok "one that heeds SIGTERM" up . \
	sh -c 'trap "exit 7" TERM; while :; do sleep 0.1; done'
ok "runs" x sh -c 'until grep -q "SigCgt:.*4...$" /proc/1/status; do
	sleep 0.1; done'
ok "StopContainer" of_box StopContainer '{timeout: 30}'
ok "sends it" is_state '.state == 2 and .exit_code == 7'
ok "RemoveContainer" of_box RemoveContainer
ok "one that takes too much memory" up '.linux.resources =
	{memory_limit_in_bytes: 20000000, memory_swap_limit_in_bytes: 20000000}' \
	sh -c 'x=x; while :; do x=$x$x; done'
ok "ends" wait_for is_state '.state == 2'
ok "and is known to have" is_state '.reason == "OOMKilled"'
ok "RemoveContainer" of_box RemoveContainer
ok "one of no program" created . nosuch
fails "isn't started" of_box StartContainer
said "and its program named" 'nosuch: executable file not found in'
ok "in its state too" is_state '.reason == "StartError" and
	(.message | test("nosuch: executable file not found in"))'
ok "RemoveContainer" of_box RemoveContainer

ok "one more" up . sh -c 'sleep 1005 & sleep 1006'
ok "StopPodSandbox" cri StopPodSandbox '{pod_sandbox_id: $pod}' --arg pod "$pod"
ok "ends it" is_state '.state == 2'
ok "RemovePodSandbox" cri RemovePodSandbox '{pod_sandbox_id: $pod}' \
	--arg pod "$pod"
is "no cgroup stays" "$(engine_cgroups | grep -v "$parent/pod$")" ""
ok "no process" wait_for no_process
is "no state" "$(find /run/containerd/runc -mindepth 2 ! -name '.seccomp:*')" ""
done_testing
