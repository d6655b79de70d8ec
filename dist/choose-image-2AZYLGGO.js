import{b as a,c as b}from"./image-RRJAJCBU.js";import"./core-SFNDNGY5.js";import"./clock-YYITXEHT.js";export{b as buildOrReuseImage,a as chooseImage};
