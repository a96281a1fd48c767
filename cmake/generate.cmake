# Makes what a package has beside the programs of the table that parses their command lines, at the
# time of installation: cmake -Dprogram=NAME -Dbinary=FILE -Dto=FOLDER -P generate.cmake
file(MAKE_DIRECTORY "${to}")
foreach(kind man bash zsh fish)
  execute_process(COMMAND "${binary}" --generate ${kind} OUTPUT_FILE "${to}/${program}.${kind}"
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
execute_process(COMMAND gzip -9nf "${to}/${program}.man" COMMAND_ERROR_IS_FATAL ANY)
