# Made-up placements, `data/placements.csv`, and what R says of them, `data/duration_twin.json` (survival 3.5, cmprsk 2.2):
#
#     cd tests/references && Rscript duration_twin.R data > data/duration_twin.json
#
# A register that began in January 2016: placements that were going on then count from then on only. The follow-up ends
# with 2018. What happens within a month is placed in its middle; the register opens with the first day of its month and
# closes with the last.
suppressPackageStartupMessages({library(survival); library(cmprsk)})
folder <- commandArgs(trailingOnly = TRUE)[1]
named <- function(month) sprintf("%d-%02d", 1970 + month %/% 12, month %% 12 + 1)
opened <- (2016 - 1970) * 12
closed <- (2018 - 1970) * 12 + 11

set.seed(20181231)
n <- 420
network <- rbinom(n, 1, 0.3)
sex <- ifelse(rbinom(n, 1, 0.5) == 1, "pige", "dreng")
age <- sample(0:17, n, TRUE)
start <- sample((opened - 48):closed, n, TRUE)
breaks <- rweibull(n, 0.8, ifelse(network == 1, 95, 55))
home <- rexp(n, 1 / 60)
grown <- (18 - age) * 12 - runif(n, 0, 11)
lasts <- floor(pmin(breaks, home, grown))
code <- ifelse(breaks <= home & breaks <= grown, sample(4:7, n, TRUE, c(3, 3, 2, 1)), ifelse(home <= grown, 1, 3))
end <- start + lasts
seen <- end >= opened
rows <- data.frame(type = ifelse(network == 1, "netværk", "anden"), sex, age, start, from = pmax(start, opened), end, code)[seen, ]
going <- rows$end > closed
rows$end[going] <- NA
rows$code[going] <- NA
written <- with(rows, data.frame(
  type, sex, age, start_month = named(start), followed_from = named(from),
  end_month = ifelse(is.na(end), "", named(end)), end_type = ifelse(is.na(code), "", code)
))
write.csv(written, file.path(folder, "placements.csv"), row.names = FALSE, quote = FALSE, fileEncoding = "UTF-8")

d <- within(rows, {
  exit <- ifelse(is.na(end), closed + 0.5, end) - start
  exit <- ifelse(exit == 0, 0.5, exit)
  entry <- pmax(from - 0.5 - start, 0)
  kind <- ifelse(is.na(code), 0, ifelse(code >= 4, 1, ifelse(code == 1, 2, 3)))
})
fresh <- d[d$entry == 0, ]
at <- c(3, 6, 12, 24)
of <- function(fit, column = NULL) {
  s <- summary(fit, times = at, extend = TRUE)
  if (is.null(column)) c(s$surv, s$std.err, s$lower, s$upper) else c(s$pstate[, column], s$std.err[, column])
}
delayed <- Surv(d$entry, d$exit, d$kind > 0)
states <- survfit(Surv(entry, exit, factor(kind)) ~ 1, data = d, id = seq_len(nrow(d)))
median_of <- function(s) unname(summary(s)$table[c("median", "0.95LCL", "0.95UCL")])
rmean <- survival:::survmean(survfit(Surv(exit, kind > 0) ~ type, data = fresh), scale = 1, rmean = 24)$matrix
coxed <- coxph(Surv(entry, exit, kind == 1) ~ type + age, data = d)
gray <- with(fresh, cuminc(exit, kind, type, cencode = 0))$Tests
gray3 <- with(fresh, cuminc(exit, kind, cut(age, c(-1, 5, 11, 17)), cencode = 0))$Tests
years <- tapply(d$exit - d$entry, d$type, sum) / 12
counts <- tapply(d$kind == 1, d$type, sum)
tested <- poisson.test(c(counts[["netværk"]], counts[["anden"]]), c(years[["netværk"]], years[["anden"]]))
found <- list(
  survival_log_log = of(survfit(delayed ~ 1, conf.type = "log-log")),
  survival_log = of(survfit(delayed ~ 1, conf.type = "log")),
  survival_plain = of(survfit(delayed ~ 1, conf.type = "plain")),
  incidence_breakdown = of(states, 2), incidence_home = of(states, 3), incidence_age_18 = of(states, 4),
  median_log_log = median_of(survfit(Surv(exit, kind > 0) ~ 1, data = fresh, conf.type = "log-log")),
  median_log = median_of(survfit(Surv(exit, kind > 0) ~ 1, data = fresh)),
  restricted_mean = as.vector(rmean[, c("rmean", "se(rmean)")]),
  log_rank = survdiff(Surv(exit, kind > 0) ~ type, data = fresh)$chisq,
  log_rank_breakdown = survdiff(Surv(exit, kind == 1) ~ type, data = fresh)$chisq,
  gray = as.vector(gray[, c("stat", "pv")]),
  gray_three = as.vector(gray3[, c("stat", "pv")]),
  cox = c(coef(coxed), sqrt(diag(vcov(coxed))), 2 * diff(coxed$loglik)),
  rates = c(100 * counts / years, 100 * sapply(names(counts), function(g) poisson.test(counts[[g]], years[[g]])$conf.int)),
  rate_ratio = c(tested$estimate, tested$conf.int, tested$p.value)
)
written <- sapply(found, function(x) paste(sprintf("%.15g", x), collapse = ", "))
cat("{\n", paste(sprintf('  "%s": [%s]', names(found), written), collapse = ",\n"), "\n}\n", sep = "")
