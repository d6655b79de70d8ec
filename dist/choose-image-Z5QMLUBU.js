import{b as a,c as b}from"./image-CKEEYSSN.js";import"./core-RN3I4NSZ.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as buildOrReuseImage,a as chooseImage};
