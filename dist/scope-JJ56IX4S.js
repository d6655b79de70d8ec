function t(e){return e!=="everything"&&e!=="due"}export{t as a};
