import{a}from"./occasion-4ZIYADYZ.js";import"./runtime-3RNHDNP5.js";export{a as changesRequest};
