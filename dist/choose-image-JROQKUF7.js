import{b as a,c as b}from"./image-L47FE3IC.js";import"./core-SFNDNGY5.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as buildOrReuseImage,a as chooseImage};
