import{a,b}from"./images-V5IQ3H6M.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as cleanUpImages,b as deletedInWords};
