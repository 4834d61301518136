#pragma once
#include <string_view>

/// What the harness and its supervisor say to each other. Both are the same program, so the
/// protocol has no version; it is text, one message a line, for the sake of strace.
///
///   harness -> supervisor                     supervisor -> harness
///     signal N   to the target's group          started PID          the target was executed
///     end        kill everything, then exit     exec-failed ERRNO    it could not be
///     (end of    SIGTERM, a second, SIGKILL     chdir-failed ERRNO   its directory is missing
///      stream)                                  exited CODE          its main process ended
///                                               signaled N           ... by signal N
///                                               (end of stream)      nothing is left of it
namespace relapse::supervision {

/// Descriptors that the supervisor starts with. The channel is a socket (not a pair of pipes), so
/// that writing to a supervisor that is gone gives EPIPE and no SIGPIPE.
inline constexpr int channel_fd = 3;
/// The write end of the pipe that becomes the target's stdout and stderr.
inline constexpr int output_fd = 4;
/// The read end of the same pipe; non-blocking. Read by the supervisor once the harness is gone, so
/// that a target which logs while it ends in good order is not killed by SIGPIPE meanwhile.
inline constexpr int abandoned_output_fd = 5;
/// What LaunchSpec::inherit gives to the target, which finds it under the same number.
inline constexpr int inherited_fd = 6;

inline constexpr std::string_view message_signal = "signal ";
inline constexpr std::string_view message_end = "end";
inline constexpr std::string_view message_started = "started ";
inline constexpr std::string_view message_exec_failed = "exec-failed ";
inline constexpr std::string_view message_chdir_failed = "chdir-failed ";
inline constexpr std::string_view message_exited = "exited ";
inline constexpr std::string_view message_signaled = "signaled ";

}  // namespace relapse::supervision
