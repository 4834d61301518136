# Writes OUT, a C++ source that holds the templates and the stylesheet as string literals:
#   cmake -DOUT=assets.cpp -DDIR=reports -P embed.cmake
set(text "#include \"report/assets.hpp\"\n\nnamespace relapse::assets {\n\n")
foreach(pair index_template=templates/index.tpl scenario_template=templates/scenario.tpl
             stylesheet=style.css)
  string(REGEX MATCH "^([^=]+)=(.+)$" unused ${pair})
  set(name ${CMAKE_MATCH_1})
  file(READ ${DIR}/${CMAKE_MATCH_2} content)
  if(content MATCHES "\\)relapse\"")
    message(FATAL_ERROR "${CMAKE_MATCH_2} holds the end of a raw string literal")
  endif()
  string(APPEND text "std::string_view ${name}() {\n  return R\"relapse(${content})relapse\";\n}\n\n")
endforeach()
string(APPEND text "}  // namespace relapse::assets\n")
file(WRITE ${OUT} "${text}")
