import{a,b}from"./clean-up-6EW2HZWY.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as cleanUp,b as cleanedUpInWords};
