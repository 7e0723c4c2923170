/**
 * The small shell script between the agent and a game. It outlives the agent and writes down how
 * the game has ended, so that the next agent learns of an exit that no agent saw.
 *
 * It waits for a line on its input, which comes once it is in the game's control group: a game that
 * was started before would not be limited. Without that line, the agent has ended, and so does it.
 *
 * `$1` is the run folder, the rest is the game's command line. The game runs in the foreground: a
 * shell starts background commands with SIGINT ignored, and would be interrupted in its `wait` by
 * the very signal that stops the game. The traps only catch the signals: a caught signal, unlike an
 * ignored one, has its default effect in the game. Files appear by rename, complete or not at all.
 * The inner shell becomes the game by `exec`, which keeps its process id and start time. The outer
 * shell's own messages, such as `Killed`, are kept out of the game's output.
 */
export const KEEPER = `
trap : TERM INT HUP QUIT ABRT
run=$1
read -r go || exit 1
exec 3>&2 2>/dev/null </dev/null
/bin/sh -c '
exec 2>&3 3>&-
birth() {
  if ! read -r stat 2>/dev/null <"/proc/$1/stat"; then stat="ps $(ps -o lstart= -p "$1")"; fi
  echo "$1 $stat"
}
{ birth $$; birth $PPID; } >"$0/pid.new" && mv "$0/pid.new" "$0/pid"
shift
exec "$@"
' "$run" "$@"
echo $? >"$run/exit.new" && mv "$run/exit.new" "$run/exit"
`;
