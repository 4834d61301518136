#pragma once
#include <string>

namespace relapse {

/// What the environment and the terminal say of how to write. Read once; nothing below cli/ looks.
std::string environment(const char* name);

/// --color beats NO_COLOR beats CLICOLOR_FORCE and FORCE_COLOR beats the terminal of this stream.
bool wants_colour(const std::string& flag, int stream);
/// By the locale; a file or a pipe takes UTF-8, since whoever reads it later knows it.
bool wants_unicode();
/// A terminal whose last line may be redrawn: no CI, and not dumb.
bool may_redraw(int stream);
/// Columns of the terminal behind the stream; `fallback` when it is none.
int columns_of(int stream, int fallback);

}  // namespace relapse
