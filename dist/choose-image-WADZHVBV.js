import{a,b}from"./image-YI6S3VTC.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{b as buildOrReuseImage,a as chooseImage};
