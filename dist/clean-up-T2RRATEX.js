import{a,b}from"./clean-up-4WHT5TTV.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as cleanUp,b as cleanedUpInWords};
