# Sourced: apt in a tree of its own, so that neither the system's lists nor its configuration are touched, and no root is needed.
# private_apt FOLDER TYPE [ARCHITECTURE]: sets `apt`, the options for apt-get, to the machine's own entries as TYPE (deb, deb-src),
# those of Debian's packages for another architecture. What apt says goes to `log`.
private_apt() {
  local folder=$1 type=$2 file
  apt=(-o Dir::Etc::SourceList="$folder/list" -o Dir::Etc::SourceParts="$folder/parts" -o Dir::State::Lists="$folder/lists"
    -o Dir::Cache::archives="$folder/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=)
  [ $# = 2 ] || apt+=(-o APT::Architecture="$3" -o APT::Architectures::="$3" -o Dir::State::status=/dev/null)
  mkdir -p "$folder"/{parts,lists/partial,archives/partial}
  for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -e "$file" ] || sed "s/^Types:.*/Types: $type/" "$file" > "$folder/parts/${file##*/}"
  done
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null || true; } | sed -n "s/^deb /$type /p" > "$folder/list"
  apt-get "${apt[@]}" update >> "$log" 2>&1
}
