import{a,b}from"./image-4V25TYUR.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as buildOrReuseImage,a as chooseImage};
