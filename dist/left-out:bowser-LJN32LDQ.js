import{b as o}from"./runtime-3RNHDNP5.js";var p=o((r,e)=>{e.exports={}});export default p();
