# Writes OUT, a C++ source that holds files as string literals, one function each:
#   cmake -DOUT=assets.cpp -DHEADER=report/assets.hpp -DNAMESPACE=relapse::assets
#         "-DFILES=stylesheet=/path/style.css;..." -P embed.cmake
set(text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n")
foreach(pair ${FILES})
  string(REGEX MATCH "^([^=]+)=(.+)$" unused ${pair})
  set(name ${CMAKE_MATCH_1})
  set(path ${CMAKE_MATCH_2})
  file(READ ${path} content)
  if(content MATCHES "\\)relapse\"")
    message(FATAL_ERROR "${path} holds the end of a raw string literal")
  endif()
  string(APPEND text "std::string_view ${name}() {\n  return R\"relapse(${content})relapse\";\n}\n\n")
endforeach()
string(APPEND text "}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUT} "${text}")
