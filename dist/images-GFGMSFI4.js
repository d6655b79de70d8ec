import{a,b}from"./images-ZOIYQMHC.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as cleanUpImages,b as deletedInWords};
