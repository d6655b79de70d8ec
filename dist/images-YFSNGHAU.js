import{a,b}from"./images-DD6R3KB3.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as cleanUpImages,b as deletedInWords};
