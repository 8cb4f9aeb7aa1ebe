#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2317
# linux.resources.hugepageLimits: what may be reserved, and what used; rdma.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

bare pid mount ipc cgroup
for mount in /sys/fs/cgroup /sys/fs/cgroup/unified; do
	! grep -qw hugetlb $mount/cgroup.controllers 2>/dev/null || max=max
done
[ ! -d /sys/fs/cgroup/hugetlb ] || max=limit_in_bytes
[ "${max-}" ] || skip_all "no controller of huge pages"
[ -d /sys/kernel/mm/hugepages/hugepages-2048kB ] ||
	skip_all "no pages of 2 MB"
# limits JSON: what hugepageLimits the next bundle has; and what it finds.
limits() {
	shell 'find /sys/fs/cgroup -name "hugetlb.2MB*'"$max"'" -exec cat {} +' \
		".linux.resources.hugepageLimits = $1"
}
limits '[{pageSize: "2MB", limit: 4194304}]'
ok "a limit" box
is "is that of reservations and of use" "$(tr '\n' ' ' <"$out")" \
	"4194304 4194304 "
limits '[{pageSize: "2MB", limit: 0}]'
ok "a limit of none" box
is "is one" "$(tr '\n' ' ' <"$out")" "0 0 "
limits '[{pageSize: "3MB", limit: 4194304}]'
exits 125 "a size that there is none of" box
said "is named" 'hugepageLimits: "4194304" to .*hugetlb.3MB.*has the sizes'
limits '[{pageSize: "2MB/../x", limit: 1}]'
exits 125 "one that is a path" box
said "is refused" "hugepageLimits.pageSize: 2MB/../x: must be a number"

# RDMA has no device here, but the controller maybe.
bundle '.linux.resources.rdma = {none_1: {hcaHandles: 3}}'
exits 125 "a device of RDMA that isn't there" box
said "is an error" \
	'resources.rdma: ("none_1 hca_handle=3" to .*No such dev|there is no rdma)'

limits '[{pageSize: "2MB", limit: 4194304}]'
shell 'sleep 100' '.linux.resources.hugepageLimits = [{pageSize: "2MB",
	limit: 4194304}]'
up "$id"
path=$(jq -r .cgroups[].path "$state/$id/state.json" |
	while read -r path; do
		[ ! -e "$path/hugetlb.2MB.rsvd.$max" ] || echo "$path"
	done)
if [ -d /sys/kernel/mm/hugepages/hugepages-1048576kB ]; then
	more=', {"pageSize": "1GB", "limit": 1073741824}' sizes=2
else
	more='' sizes=1
fi
echo '{"hugepageLimits": [{"pageSize": "2MB", "limit": 8388608}'"$more"']}' >r.json
ok "a new limit" each update -r r.json "$id"
is "holds" "$(cat "$path/hugetlb.2MB.rsvd.$max")" 8388608
is "what is kept has each size once" \
	"$(jq '.linux.resources.hugepageLimits | length' \
	"$state/$id/config.json")" $sizes
echo '{"hugepageLimits": [{"pageSize": "2MB", "limit": 2097152}]}' >r.json
ok "a new limit of one" each update -r r.json "$id"
is "leaves the other" \
	"$(jq '.linux.resources.hugepageLimits | length' \
	"$state/$id/config.json")" $sizes
down "$id"
all_gone "nothing is left"
done_testing
