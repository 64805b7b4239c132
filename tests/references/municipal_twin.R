# The numbers of `data/municipal_twin.json`, by R and its package `survey`, on municipalities of our own:
#
#     cd tests/references && Rscript municipal_twin.R data > data/municipal_twin.json
#
# One entry for each call, in the shape of the reference entries; `make prove-r` runs this again and compares.
suppressPackageStartupMessages(library(survey))
folder <- commandArgs(trailingOnly = TRUE)[1]

designs <- c(
  t_muni = "svydesign(id=~1, strata=~region, weights=~wt, fpc=~N_region, data=resp)",
  t_plain = "svydesign(id=~1, weights=~wt, data=resp)",
  t_even = "svydesign(id=~1, fpc=~N_total, data=resp)",
  t_clus = "svydesign(id=~muni_id, weights=~wt, fpc=~municipalities, data=kids)",
  t_clus_wr = "svydesign(id=~muni_id, weights=~wt, data=kids)",
  t_two = "svydesign(id=~muni_id+child, fpc=~municipalities+children, data=kids)",
  t_pairs = "svydesign(id=~muni_id, strata=~pair, weights=~wt, data=kids)",
  t_brewer = "svydesign(id=~1, fpc=~p, pps='brewer', data=drawn)",
  t_joint = "svydesign(id=~1, fpc=~p, pps=ppsmat(municipal_joint), data=drawn)",
  t_ps = "postStratify(t_muni, ~size, data.frame(size=c('large','medium','small'), Freq=c(32,35,31)))",
  t_rake = "rake(t_even, list(~region, ~size), list(data.frame(region=c('Hovedstaden','Midtjylland','Nordjylland','Sjaelland','Syddanmark'), Freq=c(29,19,11,17,22)), data.frame(size=c('large','medium','small'), Freq=c(32,35,31))), control=list(maxit=500, epsilon=1e-12, verbose=FALSE))",
  t_greg = "calibrate(t_muni, ~size+pop, c(`(Intercept)`=98, sizemedium=35, sizesmall=31, pop=5000000))",
  t_logit = "calibrate(t_muni, ~size+pop, c(`(Intercept)`=98, sizemedium=35, sizesmall=31, pop=5000000), calfun='logit', bounds=c(0.5,2), epsilon=1e-12)",
  t_standard = "svystandardize(t_muni, by=~size, over=~barrier, population=c(32,35,31), excluding.missing=~placements)",
  t_jkn = "as.svrepdesign(t_muni, type='JKn')",
  t_jk1 = "as.svrepdesign(t_clus, type='JK1')",
  t_jkn_wr = "as.svrepdesign(t_pairs, type='JKn')",
  t_fay = "as.svrepdesign(t_pairs, type='Fay', fay.rho=0.3)",
  t_brr = "as.svrepdesign(t_pairs, type='BRR')",
  t_bw = "svrepdesign(data=weighted, weights=~wt, repweights='bw[0-9]+', type='bootstrap', combined.weights=TRUE)",
  t_panel = "svydesign(id=~1, strata=~region, weights=~wt, fpc=~N_region, data=both)",
  t_lone = "svydesign(id=~1, strata=~region, weights=~wt, data=lone)"
)

calls <- list(
  mean = list(
    c("t_muni", "svymean(~placements+network_placements, t_muni, deff=TRUE)"), c("t_plain", "svymean(~placements, t_plain)"), c("t_even", "svymean(~placements, t_even)"),
    c("t_clus", "svymean(~weeks+visits, t_clus, deff=TRUE)"), c("t_clus_wr", "svymean(~weeks, t_clus_wr)"),
    c("t_two", "svymean(~weeks, t_two)"), c("t_pairs", "svymean(~weeks, t_pairs)")),
  total = list(
    c("t_muni", "svytotal(~placements, t_muni, deff=TRUE)"), c("t_clus", "svytotal(~visits, t_clus, deff=TRUE)"),
    c("t_two", "svytotal(~visits, t_two)"), c("t_muni", "svytotal(~I(barrier=='time'), t_muni)")),
  pps = list(c("t_brewer", "svytotal(~placed+network, t_brewer)"), c("t_joint", "svymean(~placed+network, t_joint)")),
  proportion = list(c("t_muni", "svymean(~size+barrier, t_muni)"), c("t_two", "svymean(~method, t_two, deff=TRUE)")),
  ciprop = c(
    lapply(c("likelihood", "beta", "mean", "xlogit", "logit"), function(m) c("t_muni", paste0("svyciprop(~use_inm_w1, t_muni, method='", m, "')"))),
    lapply(c("beta", "xlogit"), function(m) c("t_two", paste0("svyciprop(~I(kin=='yes'), t_two, method='", m, "')")))),
  ratio = list(
    c("t_muni", "svyratio(~network_placements, ~placements, t_muni)"), c("t_two", "svyratio(~visits, ~weeks, t_two)"),
    c("t_clus", "svyratio(~visits, ~weeks, subset(t_clus, kin=='yes'))")),
  quantile = list(
    c("t_muni", "svyquantile(~placements, t_muni, c(0.25,0.5,0.75), ci=TRUE, qrule='hf7', interval.type='mean')"),
    c("t_muni", "svyquantile(~placements, t_muni, c(0.5), ci=TRUE, qrule='school', interval.type='xlogit')"),
    c("t_clus", "svyquantile(~weeks, t_clus, c(0.5), ci=TRUE, qrule='hf2', interval.type='beta')"),
    c("t_two", "svyquantile(~weeks, t_two, c(0.5), ci=TRUE, qrule='math', interval.type='mean')")),
  domain = list(
    c("t_muni", "svyby(~use_fgc_w1, ~size, t_muni, svymean)"), c("t_muni", "svyby(~placements, ~barrier, t_muni, svytotal)"),
    c("t_two", "svyby(~weeks, ~method, t_two, svymean)"), c("t_jkn", "svyby(~use_fgc_w1, ~size, t_jkn, svymean)"), c("t_clus", "svymean(~weeks, subset(t_clus, kin=='yes' & method=='fgc'))")),
  replicate = list(
    c("t_jkn", "svyratio(~network_placements, ~placements, t_jkn)"), c("t_jkn", "svytotal(~placements, t_jkn)"), c("t_jk1", "svymean(~weeks+visits, t_jk1)"), c("t_jkn_wr", "svyratio(~visits, ~weeks, t_jkn_wr)"),
    c("t_fay", "svytotal(~visits, t_fay)"), c("t_brr", "svytotal(~visits, t_brr)"), c("t_bw", "svyratio(~network_placements, ~placements, t_bw)")),
  crosstab = c(
    lapply(c("F", "Chisq", "Wald", "lincom"), function(s) c("t_muni", paste0("svychisq(~use_fgc_w1+size, t_muni, statistic='", s, "')"))),
    lapply(c("F", "Chisq", "Wald"), function(s) c("t_two", paste0("svychisq(~method+kin, t_two, statistic='", s, "')"))),
    list(c("t_clus", "svychisq(~method+kin, t_clus, statistic='F')"))),
  crosstab_cells = list(
    c("t_muni", "svymean(~interaction(barrier, size), t_muni)"), c("t_two", "svytotal(~interaction(kin, method), t_two)")),
  multiresponse = list(
    c("t_muni", "svymean(~use_fgc_w1+use_sos_w1+use_inm_w1, t_muni)"),
    c("t_muni", "svymean(~I(use_fgc_w1+use_sos_w1+use_inm_w1 > 0), t_muni)"),
    c("t_muni", "svymean(~I(use_fgc_w1==1&use_sos_w1==1)+I(use_fgc_w1==1&use_inm_w1==1)+I(use_sos_w1==1&use_inm_w1==1), t_muni)")),
  change = list(
    c("t_panel", "s <- svymean(~use_fgc_w2+use_fgc_w1, t_panel); svycontrast(s, c(use_fgc_w2=1, use_fgc_w1=-1))"),
    c("t_two", "s <- svymean(~weeks+visits, t_two); svycontrast(s, c(weeks=1, visits=-3))"),
    c("t_two", "svycontrast(svytotal(~visits+weeks, t_two), quote(visits/weeks))")),
  test = list(
    c("t_muni", "svyttest(placements~use_sos_w1, t_muni)"), c("t_two", "svyttest(weeks~kin, t_two)"),
    c("t_panel", "svyttest(I(use_fgc_w2-use_fgc_w1)~0, t_panel)"),
    c("t_panel", "b=sum(w1==0&w2==1); c=sum(w1==1&w2==0); binom.test(b,b+c); mcnemar.test(table(w1,w2),correct=FALSE)")),
  glm = lapply(
    list(
      c("t_muni", "svyglm(placements~size+barrier, design=t_muni, CONTROL)"),
      c("t_two", "svyglm(followed~kin+weeks, design=t_two, family=quasibinomial(), CONTROL)"),
      c("t_muni", "svyglm(network_placements~use_fgc_w1+offset(log(placements)), design=t_muni, family=quasipoisson(), CONTROL)"),
      c("t_two", "regTermTest(svyglm(followed~kin+weeks+method, design=t_two, family=quasibinomial(), CONTROL), ~method)")),
    function(call) sub("CONTROL", "control=glm.control(epsilon=1e-15, maxit=200)", call)),
  calibration = list(
    c("t_ps", "svytotal(~placements, t_ps)"), c("t_ps", "svytotal(~size, t_ps)"), c("t_rake", "svymean(~placements, t_rake)"),
    c("t_greg", "svytotal(~placements, t_greg)"), c("t_logit", "svymean(~placements, t_logit)"),
    c("t_standard", "svyby(~placements, ~barrier, t_standard, svymean)")),
  variance = list(c("t_muni", "svyvar(~placements+network_placements, t_muni)"), c("t_two", "svyvar(~weeks+visits, t_two)")),
  lonely_psu = list(
    c("t_lone", "svymean(~placements, t_lone)", "survey.lonely.psu='adjust'"),
    c("t_lone", "svymean(~placements, t_lone)", "survey.lonely.psu='average'"),
    c("t_lone", "svymean(~placements, t_lone)", "survey.lonely.psu='remove'")),
  smallpop = list(c(4, 31, 98), c(0, 69, 98), c(12, 17, 29), c(11, 11, 11))
)

csv <- function(name) read.csv(file.path(folder, name), stringsAsFactors = TRUE)
data_of <- c(
  resp = "muni98_synthetic_respondents.csv", kids = "municipal_children.csv", drawn = "municipal_drawn.csv",
  weighted = "municipal_bootstrap.csv", both = "muni98_synthetic.csv", lone = "municipal_lonely.csv")
for (name in names(data_of)) assign(name, csv(data_of[[name]]))
both <- both[!is.na(both$use_fgc_w1) & !is.na(both$use_fgc_w2), ]
both$wt <- both$N_region / ave(both$N_region, both$region, FUN = length)
w1 <- both$use_fgc_w1
w2 <- both$use_fgc_w2
municipal_joint <- as.matrix(csv("municipal_joint.csv"))
options(survey.lonely.psu = "fail")
for (name in names(designs)) if (name != "t_lone") assign(name, eval(parse(text = designs[[name]])))

number <- function(x) if (is.infinite(x)) '"Inf"' else sprintf("%.15g", x)
json <- function(x) {
  if (is.null(x)) return("[]")
  if (is.character(x)) return(paste0('"', gsub('"', '\\\\"', x), '"'))
  if (is.list(x) && !is.null(names(x))) {
    return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  }
  if (is.list(x)) return(paste0("[", paste(vapply(x, json, ""), collapse = ", "), "]"))
  if (length(x) == 1) number(x) else paste0("[", paste(vapply(x, number, ""), collapse = ", "), "]")
}
listed <- function(m) lapply(seq_len(nrow(m)), function(row) as.list(unname(m[row, ])))
limits <- function(value, se, df) list(ci_low = value - qt(0.975, df) * se, ci_high = value + qt(0.975, df) * se, ci_level = 0.95, df = df)

# The design that a call is about: its first argument that is one.
design_in <- function(call) {
  for (part in as.list(call)[-1]) {
    found <- try(eval(part, globalenv()), silent = TRUE)
    if (inherits(found, c("survey.design", "svyrep.design"))) return(found)
  }
}
degrees <- function(design) if (is.null(design$pps) || isFALSE(design$pps)) degf(design) else Inf  # as `confint`

of_linear <- function(code) {
  call <- parse(text = code)[[1]]
  result <- eval(call, globalenv())
  design <- design_in(call)
  if (inherits(result, "svyby")) return(list(estimates = of_groups(call, result, design)))
  value <- coef(result)
  se <- as.vector(SE(result))
  se[se < 1e-12 * abs(value)] <- 0  # what rounding leaves of a total that is known
  rows <- lapply(seq_along(value), function(i) {
    row <- c(list(label = names(value)[i], value = value[[i]], se = se[i]), limits(value[[i]], se[i], degrees(design)))
    if (grepl("deff=TRUE", code)) row$deff <- as.vector(deff(result))[i]
    row
  })
  told <- list(estimates = rows)
  if (grepl("use_", code)) told$vcov <- listed(as.matrix(vcov(result)))
  if (grepl("t_(ps|greg|rake|logit)\\)", code)) {
    w <- unname(weights(design))
    told$weights_summary <- list(sum = sum(w), min = min(w), max = max(w), first5 = as.list(w[1:5]))
  }
  told
}
of_groups <- function(call, result, design) {
  by <- all.vars(call[[3]])
  lapply(seq_len(nrow(result)), function(i) {
    value <- coef(result)[[i]]
    se <- SE(result)[i]
    row <- c(list(label = as.character(result[[by]][i]), value = value, se = se), limits(value, se, degf(design)))
    if (inherits(design, "svyrep.design")) return(row)  # there R counts the rank of the weights, we units less strata
    own <- degf(design[which(design$variables[[by]] == result[[by]][i]), ])
    inner <- limits(value, se, own)
    c(row, list(df_domain = own, ci_low_domain_df = inner$ci_low, ci_high_domain_df = inner$ci_high))
  })
}
of_share <- function(code) {
  call <- parse(text = code)[[1]]
  result <- eval(call, globalenv())
  ends <- as.vector(attr(result, "ci"))
  mean <- eval(as.call(list(quote(svymean), call[[2]], call[[3]])), globalenv())
  se <- as.vector(SE(mean))[length(coef(mean))]
  list(estimates = list(list(
    label = names(result)[1], value = as.vector(result)[1], se = se, ci_low = ends[1], ci_high = ends[2], ci_level = 0.95,
    df = degf(design_in(call)))))
}
of_quantile <- function(code) {
  call <- parse(text = code)[[1]]
  result <- eval(call, globalenv())[[1]]
  df <- degf(design_in(call))
  list(estimates = lapply(seq_len(nrow(result)), function(i) list(
    label = rownames(result)[i], value = result[i, "quantile"], se = result[i, "se"], ci_low = result[i, "ci.2.5"],
    ci_high = result[i, "ci.97.5"], ci_level = 0.95, df = df)))
}
of_variance <- function(code) {
  result <- eval(parse(text = code)[[1]], globalenv())
  m <- matrix(as.vector(result)[1:4], 2)
  list(estimates = list(
    list(label = "var", value = m[1, 1], se = as.vector(SE(result))[1]), list(label = "cov", value = m[1, 2]),
    list(label = "correlation", value = cov2cor(m)[1, 2])))
}
of_test <- function(result) {
  row <- list(label = unname(result$method), value = as.vector(result$statistic))
  if (!is.null(result$parameter) && !grepl("binomial", result$method)) row$df <- as.vector(result$parameter)
  row$p_value <- as.vector(result$p.value)
  row
}
of_table <- function(code) {
  call <- parse(text = code)[[1]]
  result <- eval(call, globalenv())
  row <- of_test(result)
  if (grepl("lincom", code)) row$df <- list()
  counts <- as.data.frame(svytable(call[[2]], design_in(call)))
  cells <- lapply(seq_len(nrow(counts)), function(i) list(
    row = as.character(counts[i, 1]), col = as.character(counts[i, 2]), n = counts$Freq[i], share = counts$Freq[i] / sum(counts$Freq)))
  list(estimates = list(row), weighted_counts = cells)
}
of_change <- function(code) {
  for (part in parse(text = code)) result <- eval(part, globalenv())
  value <- as.vector(coef(result))
  se <- as.vector(SE(result))
  if (grepl("quote", code)) return(list(estimates = list(list(label = "formula", value = value, se = se))))
  design <- eval(parse(text = regmatches(code, regexpr("t_\\w+", code)))[[1]], globalenv())
  parts <- lapply(seq_along(coef(s)), function(i) list(label = names(coef(s))[i], value = coef(s)[[i]], se = as.vector(SE(s))[i]))
  list(estimates = list(c(list(label = "difference", value = value, se = se), limits(value, se, degf(design)))),
       parts = parts, covariance = vcov(s)[1, 2])
}
of_comparison <- function(code) {
  if (!grepl("w1", code) || grepl("svyttest", code)) {
    result <- eval(parse(text = code)[[1]], globalenv())
    return(list(estimates = list(c(of_test(result), list(estimate = as.vector(result$estimate)[1])))))
  }
  here <- new.env()
  results <- lapply(parse(text = code), eval, here)
  tests <- lapply(Filter(function(each) inherits(each, "htest"), results), of_test)
  list(estimates = tests, counts = list(b = here$b, c = here$c, n = length(w1)))
}
of_model <- function(code) {
  result <- eval(parse(text = code)[[1]], globalenv())
  if (inherits(result, "regTermTest")) {
    return(list(estimates = list(list(label = "Wald F", value = as.vector(result$Ftest), df = list(result$df, result$ddf), p_value = as.vector(result$p)))))
  }
  se <- SE(result)
  list(estimates = lapply(seq_along(coef(result)), function(i) c(
    list(label = names(coef(result))[i], value = coef(result)[[i]], se = se[[i]]), limits(coef(result)[[i]], se[[i]], result$df.residual))))
}
of_few <- function(x, n, size) {
  had <- x:(size - n + x)
  low <- min(had[phyper(x - 1, had, size - had, n, lower.tail = FALSE) > 0.025])
  high <- max(had[phyper(x, had, size - had, n) > 0.025])
  p <- x / n
  list(estimates = list(list(
    label = "proportion", value = p, se = sqrt((1 - n / size) * p * (1 - p) / (n - 1)), ci_low = low / size, ci_high = high / size,
    count_low = low, count_high = high, ci_level = 0.95)))
}
families <- list(
  ciprop = of_share, quantile = of_quantile, crosstab = of_table, change = of_change, test = of_comparison, glm = of_model,
  variance = of_variance)

entry <- function(family, place, call) {
  head <- list(id = sprintf("twin-%s-%02d", family, place), family = family)
  if (family == "smallpop") {
    inputs <- list(x = call[1], n = call[2], N = call[3])
    return(c(head, list(dataset = "", r_design = "", r_code = "phyper", inputs = inputs), of_few(call[1], call[2], call[3])))
  }
  told <- function(name) paste(name, "<-", designs[[name]])
  if (length(call) > 2) {
    options(survey.lonely.psu = sub(".*='(\\w+)'", "\\1", call[3]))
    assign(call[1], eval(parse(text = designs[[call[1]]])), globalenv())
    head$option <- call[3]
  }
  code <- designs[[call[1]]]
  while (!grepl("data=\\w+\\)$|data=\\w+,", code) || grepl("data.frame", code)) code <- designs[[sub("^[^(]*\\((\\w+).*", "\\1", code)]]
  data <- sub(".*data=(\\w+).*", "\\1", code)
  known <- families[[family]]
  result <- c(head, list(dataset = data_of[[data]], r_design = told(call[1]), r_code = call[2]), (if (is.null(known)) of_linear else known)(call[2]))
  options(survey.lonely.psu = "fail")
  result
}
made <- unlist(lapply(names(calls), function(family) lapply(seq_along(calls[[family]]), function(i) entry(family, i, calls[[family]][[i]]))), recursive = FALSE)
cat('{"entries": [\n', paste(vapply(made, json, ""), collapse = ",\n"), "\n]}\n", sep = "")
