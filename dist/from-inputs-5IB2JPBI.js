import{a}from"./occasion-LH5H6VWG.js";import"./runtime-3RNHDNP5.js";export{a as changesRequest};
